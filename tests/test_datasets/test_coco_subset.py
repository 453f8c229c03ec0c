import contextlib
import json

import cv2
import numpy as np
import pytest

from mmwsml.datasets.coco_subset import CLASSES, cut_subset, write_subset
from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.named_labels import NamedLabels, Source
from mmwsml.structures import hash64

NAMES = [*CLASSES, 'zebra']


def make(count, positives=('cat', 'person', 'zebra')):
    """Make a source of images that show the same."""
    images = [
        NamedLabels(f'images[{n}]', f'{n}.jpg', list(positives), [])
        for n in range(count)
    ]
    return Source(NAMES, images)


def test_ranks_the_images_by_a_hash_of_their_path():
    splits = cut_subset(make(100), 70)
    paths = sorted((f'{n}.jpg' for n in range(100)), key=hash64)
    cut = [[image.img_path for image in s.images] for s in splits.values()]
    assert cut == [paths[:48], paths[48:60], paths[60:70]]


def test_labels_are_those_of_the_eighteen_classes():
    splits = cut_subset(make(70), 70)
    for split in splits.values():
        assert split.classes == list(CLASSES)
        assert all(i.positives == ['person', 'cat'] for i in split.images)


@pytest.mark.parametrize('positives', [[], ['cat'], ['cat', 'zebra']])
def test_takes_only_images_of_two_labels(positives):
    with pytest.raises(ValueError, match='No image of the file has 2 of the'):
        cut_subset(make(5, positives), 70)


def test_refuses_a_file_of_other_categories():
    with pytest.raises(ValueError, match="has no category 'horse': take"):
        cut_subset(Source(NAMES[:-2], []), 70)


@pytest.mark.parametrize('shape', [(256, 400), (500, 200), (64, 96)])
def test_writes_images_whose_shorter_side_is_128_px(tmp_path, shape):
    for n in range(7):
        picture = np.full((*shape, 3), 99, np.uint8)
        cv2.imwrite(str(tmp_path / f'{n}.jpg'), picture)
    out = tmp_path / 'out'
    splits = cut_subset(make(7), 7)
    counts = write_subset(splits, str(tmp_path), str(out), BadEntries())
    assert counts == dict(train=4, val=2, test=1)
    for split, count in counts.items():
        data = json.loads((out / f'{split}.json').read_text())
        assert len(data['data_list']) == count
        for entry in data['data_list']:
            assert 'neg_label' not in entry and entry['gt_label'] == [0, 15]
            small = cv2.imread(str(out / 'images' / entry['img_path']))
            assert min(small.shape[:2]) == 128
            ratio = max(shape) / min(shape)
            assert abs(max(small.shape[:2]) - 128 * ratio) <= 0.5


def test_refuses_a_missing_image_or_leaves_it_out(tmp_path):
    for n in range(7):
        picture = np.full((140, 140, 3), 99, np.uint8)
        cv2.imwrite(str(tmp_path / f'{n}.jpg'), picture)
    splits = cut_subset(make(7), 7)
    gone = splits['train'].images[0].img_path
    (tmp_path / gone).write_text('no picture')
    out = str(tmp_path / 'out')
    with pytest.raises(ValueError, match=f'{gone}: cannot be read as a pict'):
        write_subset(splits, str(tmp_path), out, BadEntries())
    bad = BadEntries(skip=True)
    assert write_subset(splits, str(tmp_path), out, bad)['train'] == 3
    assert len(bad.sentences) == 1


def test_the_photographs_are_not_replaced_by_small_ones(tmp_path):
    folder = tmp_path / 'images'
    folder.mkdir()
    for n in range(7):
        picture = np.full((256, 256, 3), 99, np.uint8)
        cv2.imwrite(str(folder / f'{n}.jpg'), picture)
    splits = cut_subset(make(7), 7)
    with contextlib.suppress(ValueError):
        write_subset(splits, str(folder), str(tmp_path), BadEntries())
    for n in range(7):
        assert cv2.imread(str(folder / f'{n}.jpg')).shape == (256, 256, 3)
