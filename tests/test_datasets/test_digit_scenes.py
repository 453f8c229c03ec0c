import json
import multiprocessing

import cv2
import numpy as np
import pytest

from mmwsml.datasets import DigitScenes, digit_scenes
from mmwsml.datasets.digit_scenes import SPLITS, make_digit_scenes

SMALL = {split: (*SPLITS[split][:2], 20) for split in SPLITS}


@pytest.fixture
def small(monkeypatch):
    """Make 20 scenes a split, the first ones of the real data set's train."""
    monkeypatch.setattr(digit_scenes, 'SPLITS', SMALL)


def annotations(root, split):
    """Read the entries of a split."""
    text = (root / 'v1' / f'{split}.json').read_text()
    return json.loads(text)['data_list']


@pytest.mark.parametrize(
    'split, size', [('train', 4000), ('val', 1000), ('test', 1000)]
)
def test_has_ten_classes_and_the_promised_sizes(scenes_root, split, size):
    dataset = DigitScenes(split, data_root=str(scenes_root))
    assert len(dataset) == size
    assert dataset.CLASSES == [str(digit) for digit in range(10)]
    labels = [dataset.get_cat_ids(i) for i in range(size)]
    counts = np.bincount(np.concatenate(labels))
    assert len(counts) == 10 and counts.min() > size / 10


def test_scans_of_the_splits_follow_each_other():
    first, last = zip(*(SPLITS[s][:2] for s in ('train', 'val', 'test')))
    assert first == (0, *last[:2]) and last[2] == 1797


def test_no_scan_is_in_two_splits(small, monkeypatch, tmp_path):
    chosen = []
    monkeypatch.setattr(
        digit_scenes,
        '_compose',
        lambda scans, rng: (
            chosen.append({scan.tobytes() for scan in scans}),
            (np.zeros((64, 64), np.uint8), []),
        )[1],
    )
    make_digit_scenes(str(tmp_path))
    train, val, test = (set().union(*chosen[i : i + 20]) for i in (0, 20, 40))
    assert min(map(len, (train, val, test))) > 20
    assert not train & val and not train & test and not val & test


@pytest.mark.parametrize('split', SPLITS)
def test_boxes_lie_in_the_image_apart_from_each_other(scenes_root, split):
    for info in annotations(scenes_root, split):
        covered = np.zeros((64, 64), int)
        for instance in info['instances']:
            x1, y1, x2, y2 = instance['bbox']
            assert 0 <= x1 < x2 <= 64 and 0 <= y1 < y2 <= 64
            covered[y1:y2, x1:x2] += 1
        assert covered.max() == 1


@pytest.mark.parametrize('split', SPLITS)
def test_labels_are_the_labels_of_the_boxes(scenes_root, split):
    sizes = set()
    for info in annotations(scenes_root, split):
        labels = [instance['bbox_label'] for instance in info['instances']]
        assert info['gt_label'] == sorted(set(labels))
        sizes.add(len(labels))
    assert sizes == {1, 2, 3, 4}


def test_the_digits_are_where_the_boxes_are(scenes_root):
    for info in annotations(scenes_root, 'test')[:50]:
        path = scenes_root / 'v1' / 'images' / info['img_path']
        image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        assert image.shape == (64, 64)
        inside = np.zeros((64, 64), bool)
        for x1, y1, x2, y2 in (i['bbox'] for i in info['instances']):
            inside[y1:y2, x1:x2] = True
        assert image[inside].mean() > 1.5 * image[~inside].mean()


def test_labels_are_complete(scenes_root):
    dataset = DigitScenes('val', data_root=str(scenes_root))
    assert dataset.labels == 'complete'
    info = dataset.get_data_info(7)
    assert 'neg_label' not in info
    assert info['sample_id'] == 'digit_scenes_v1/val/00007.png'


@pytest.mark.parametrize('split', ['Train', 'dev', None])
def test_refuses_an_unknown_split(tmp_path, split):
    message = r"`split` must be one of \('train', 'val', 'test'\), but got"
    with pytest.raises(ValueError, match=message):
        DigitScenes(split, data_root=str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_is_made_again_with_the_same_bytes(small, scenes_root, tmp_path):
    make_digit_scenes(str(tmp_path))
    entries = annotations(scenes_root, 'train')[:20]
    assert annotations(tmp_path, 'train') == entries
    for info in entries:
        image = f'v1/images/{info["img_path"]}'
        first, again = (r / image for r in (scenes_root, tmp_path))
        assert first.read_bytes() == again.read_bytes()


def test_is_not_made_where_it_is(scenes_root, monkeypatch):
    monkeypatch.setattr(digit_scenes, 'write_scenes', None)
    assert make_digit_scenes(str(scenes_root)) == scenes_root / 'v1'


def test_an_interrupted_making_leaves_nothing(small, monkeypatch, tmp_path):
    def fail(*args):
        raise OSError('No space left on device')

    with monkeypatch.context() as broken:
        broken.setattr(cv2, 'imwrite', fail)
        with pytest.raises(OSError, match='No space left'):
            make_digit_scenes(str(tmp_path))
    assert not list(tmp_path.iterdir())
    assert (make_digit_scenes(str(tmp_path)) / 'train.json').is_file()


def make_together(root, barrier, whole):
    """Start making when the other process has started too."""
    write = digit_scenes.write_scenes

    def write_together(folder):
        barrier.wait(timeout=60)
        write(folder)

    digit_scenes.write_scenes = write_together
    folder = make_digit_scenes(root)
    whole.put(len(list(folder.rglob('*.png'))))


@pytest.mark.dist
def test_two_processes_at_once_both_find_it_whole(small, tmp_path):
    context = multiprocessing.get_context('fork')
    barrier, whole = context.Barrier(2), context.Queue()
    args = str(tmp_path), barrier, whole
    pair = [context.Process(target=make_together, args=args) for _ in 'ab']
    for process in pair:
        process.start()
    assert [whole.get(timeout=60) for _ in pair] == [60, 60]
    for process in pair:
        process.join(timeout=60)
    assert [process.exitcode for process in pair] == [0, 0]
    assert [path.name for path in tmp_path.iterdir()] == ['v1']


def test_its_grey_is_not_told(scenes_root, logged):
    DigitScenes('val', data_root=scenes_root)
    assert not [line for line in logged if 'grey' in str(line)]
