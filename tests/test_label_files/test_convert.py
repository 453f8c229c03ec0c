import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from mmwsml.label_files.annotations import to_entries
from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels
from mmwsml.label_files.read_options import ReadOptions

from .conftest import convert

realdata = pytest.mark.realdata
needs_data = pytest.mark.skipif(
    'MMWSML_DATA' not in os.environ, reason='MMWSML_DATA is not set'
)
#: VOC's names of COCO's categories.
VOC_NAMES = {
    'airplane': 'aeroplane',
    'motorcycle': 'motorbike',
    'dining table': 'diningtable',
    'potted plant': 'pottedplant',
    'couch': 'sofa',
    'tv': 'tvmonitor',
}


@pytest.fixture
def data():
    """Return the folder of real data."""
    return Path(os.environ['MMWSML_DATA'])


@pytest.mark.parametrize(
    'name, text',
    [
        ('a.csv', 'image,cat\n1.jpg,1\n'),
        (
            'a.json',
            '{"metainfo": {"classes": ["cat"]}, "data_list": '
            '[{"img_path": "1.jpg", "gt_label": [0], "neg_label": []}]}',
        ),
        (
            'b.json',
            '{"images": [{"id": 1, "file_name": "1.jpg"}], "categories": '
            '[{"id": 1, "name": "cat"}], "annotations": '
            '[{"image_id": 1, "category_id": 1}]}',
        ),
        (
            'folder/1.xml',
            '<annotation><filename>1.jpg</filename>'
            '<object><name>cat</name></object></annotation>',
        ),
    ],
)
def test_reads_every_form_by_its_name(tmp_path, name, text):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    source = path.parent if path.suffix == '.xml' else path
    assert convert(source, False) == [('1.jpg', ['cat'], [])]


def test_takes_the_order_of_classes_that_is_given(tmp_path):
    (tmp_path / 'a.csv').write_text('image,cat,dog\n1.jpg,1,0\n')
    options = ReadOptions(classes=['dog', 'cat'])
    source = read_labels(str(tmp_path / 'a.csv'), BadEntries(), options)
    (entry,) = to_entries(source, 'partial')
    assert (entry['gt_label'], entry['neg_label']) == ([1], [0])


def test_refuses_a_form_that_it_does_not_know():
    with pytest.raises(ValueError, match=r'a\.doc: must be a table \('):
        convert('a.doc')


@realdata
@needs_data
def test_coco_and_voc_files_of_the_same_photographs_agree(data):
    from_coco = {}
    for split in ('train', 'val'):
        file = data / f'coco_mini/annotations/instances_{split}2017.json'
        images = convert(file, rest='absent')
        assert {len(x) + len(y) for _, x, y in images} == {80}
        for path, positives, _ in images:
            from_coco[path] = {VOC_NAMES.get(n, n) for n in positives}
    images = convert(data / 'coco_in_voc_layout/VOC2007', rest='absent')
    assert len(images) == 322
    for path, positives, negatives in images:
        classes = {*positives, *negatives}
        crowds = set(negatives) & from_coco[path]  # marked as difficult
        assert set(positives) == from_coco[path] & classes - crowds
        assert len(classes) == 20
        assert len(crowds) <= 1


@realdata
@needs_data
@pytest.mark.parametrize(
    'name, share',
    [
        ('original-labels/train.txt', 1),
        ('original-labels/val.txt', 1),
        ('partial-labels/train_proportion_0.1.txt', 0.1),
        ('partial-labels/train_proportion_0.3.txt', 0.3),
        ('partial-labels/train_proportion_0.5.txt', 0.5),
        ('partial-labels/train_proportion_0.9.txt', 0.9),
    ],
)
def test_known_labels_of_voc_2007_come_back(data, tmp_path, name, share):
    text = (data / 'lists/voc2007_hcp' / name).read_text()
    rows = [line.split(',') for line in text.splitlines()]
    cells = {'1': '1', '-1': '0', '0': ''}
    with open(tmp_path / 'voc.csv', 'w', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(['image', *range(20)])
        for number, row in enumerate(rows):
            writer.writerow([f'{number}.jpg', *map(cells.get, row)])
    source = read_labels(str(tmp_path / 'voc.csv'), BadEntries())
    assert [to_row(entry) for entry in to_entries(source, 'partial')] == rows
    counts = Counter(cell for row in rows for cell in row)
    assert abs(1 - counts['0'] / sum(counts.values()) - share) < 0.02


def to_row(entry):
    """Write an entry as a row of the original file."""
    row = ['0'] * 20
    for label in entry['gt_label']:
        row[label] = '1'
    for label in entry['neg_label']:
        row[label] = '-1'
    return row
