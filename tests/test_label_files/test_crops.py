"""Records of crops become images of their own."""

import json

import cv2
import numpy as np
import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels
from mmwsml.label_files.marked_labels import ABSENT, PRESENT
from mmwsml.label_files.read_options import ReadOptions

FLOOR = dict(image_id=7, box=[1.0, 2.5, 6.2, 3.5], yes=['grey'], no=['white'])
WALL = dict(image_id=7, box=[0, 0, 4, 2], yes=['white'], no=['grey'])
HORSE = dict(image_id=8, box=[8, 8, 90, 90], yes=['brown'], no=[])


@pytest.fixture
def read(tmp_path):
    """Return a reader of records whose images have 10 x 12 pixels."""
    (tmp_path / 'whole').mkdir()
    for name in ('7', '8'):
        image = np.arange(360, dtype=np.uint8).reshape(10, 12, 3)
        cv2.imwrite(str(tmp_path / 'whole' / f'{name}.png'), image)

    def read(records, bad=None, **options):
        path = tmp_path / 'val.json'
        path.write_text(json.dumps(records))
        given = dict(
            positive_key='yes',
            negative_key='no',
            image_column='image_id',
            images=str(tmp_path / 'whole'),
            crop_key='box',
            crops=str(tmp_path / 'crops'),
        )
        options = ReadOptions(**{**given, **options})
        return read_labels(str(path), bad or BadEntries(), options)

    return read


def test_what_contradicts_in_one_image_does_not_in_its_crops(read):
    marked = read([FLOOR, WALL, HORSE])
    assert marked.images == [
        '7_1_2_8_6.png',
        '7_0_0_4_2.png',
        '8_8_8_98_98.png',
    ]
    marks = {
        (marked.images[row], marked.classes[label]): mark
        for row, label, mark in zip(marked.rows, marked.labels, marked.marks)
    }
    assert marks == {
        ('7_1_2_8_6.png', 'grey'): PRESENT,
        ('7_1_2_8_6.png', 'white'): ABSENT,
        ('7_0_0_4_2.png', 'white'): PRESENT,
        ('7_0_0_4_2.png', 'grey'): ABSENT,
        ('8_8_8_98_98.png', 'brown'): PRESENT,
    }
    assert marked.rest == 'unknown'


def test_a_file_holds_the_pixels_of_its_box(read, tmp_path):
    read([FLOOR, HORSE])
    whole = cv2.imread(str(tmp_path / 'whole' / '7.png'))
    crop = cv2.imread(str(tmp_path / 'crops' / '7_1_2_8_6.png'))
    assert np.array_equal(crop, whole[2:6, 1:8])
    crop = cv2.imread(str(tmp_path / 'crops' / '8_8_8_98_98.png'))
    assert np.array_equal(crop, whole[8:, 8:])  # as far as the image goes


def test_crops_of_one_image_are_one_group(read):
    assert read([FLOOR, WALL, HORSE]).groups == ['7', '7', '8']
    records = [dict(x, scene='a') for x in (FLOOR, WALL, HORSE)]
    assert read(records, group='scene').groups == ['a', 'a', 'a']


def test_a_crop_that_is_there_is_not_cut_again(read, tmp_path):
    read([FLOOR])
    path = tmp_path / 'crops' / '7_1_2_8_6.png'
    before = path.stat().st_mtime_ns
    assert len(read([FLOOR])) == 1 and path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    'box',
    [None, [1, 2, 3], [1, 2, 0, 4], [1, 2, '3', 4], [1, 2, True, 4], 'x']
    + [[1, 2, float('nan'), 4], [1, 2, float('inf'), 4]],
)
def test_what_is_no_box_is_refused(read, box):
    message = r"record 1.*'box' must be \[x, y, width, height\] in pixels"
    with pytest.raises(ValueError, match=message):
        read([dict(FLOOR, box=box)])


@pytest.mark.parametrize('box', [[12, 0, 5, 5], [-9, 0, 5, 5], [0, 10, 5, 5]])
def test_a_box_beside_the_image_is_refused(read, box):
    message = r'cuts nothing out of 7\.png, which is \(12, 10\) pixels'
    with pytest.raises(ValueError, match=message):
        read([dict(FLOOR, box=box)])


def test_bad_boxes_are_counted_where_they_are_skipped(read):
    bad = BadEntries(skip=True)
    records = [dict(HORSE, box=[n, 0, 2, 2]) for n in range(11)]
    marked = read([*records, dict(FLOOR, box=[1])], bad)
    assert (len(marked), bad.count) == (11, 1)


def test_an_image_that_is_not_there_is_named(read):
    with pytest.raises(ValueError, match=r"record 2.*no image '9'"):
        read([FLOOR, dict(FLOOR, image_id=9)])


@pytest.mark.parametrize('name', ['images', 'crops'])
def test_both_folders_must_be_said(read, name):
    with pytest.raises(ValueError, match='--images FOLDER, and where the'):
        read([FLOOR], **{name: None})


def test_a_table_has_no_crops(tmp_path):
    (tmp_path / 'labels.csv').write_text('image,cat\n7.png,1\n8.png,0\n')
    options = ReadOptions(crop_key='box', crops='crops')
    with pytest.raises(ValueError, match='--crop-key needs JSON objects'):
        read_labels(str(tmp_path / 'labels.csv'), BadEntries(), options)
