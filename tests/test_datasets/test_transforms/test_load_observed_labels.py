import os
import pickle
from pathlib import Path

import pytest
from torch.utils.data import DataLoader

from mmwsml.datasets import PartialLabelDataset
from mmwsml.datasets.transforms import LoadObservedLabels
from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.image_finder import ImageFinder
from mmwsml.label_files.index_list import read_index_list
from mmwsml.label_files.observed_labels import Observation, ObservedLabels
from mmwsml.label_files.observed_labels_file import save_observed_labels

CLASSES = ['cat', 'dog', 'horse']
IMAGES = [
    Observation('images/1.png', [0], [2]),
    Observation('images/2.png', [], []),
    Observation('images/3.png', [1, 2], []),
]
GUESSES = [
    Observation('images/1.png', [0, 2], [], [0.9, 0.4]),
    Observation('images/2.png', [1], [2], [0.5, 0.7]),
]


@pytest.fixture
def write(tmp_path):
    """Write observed labels to a file."""

    def save(images):
        path = str(tmp_path / 'seen.jsonl')
        save_observed_labels(ObservedLabels(CLASSES, images), path)
        return path

    return save


def info_of(number, **labels):
    """Make what a data set knows of an image."""
    return dict(sample_id=f'images/{number}.png', **labels)


def test_replaces_complete_labels(write):
    load = LoadObservedLabels(write(IMAGES))
    instances = [dict(bbox=[0, 0, 1, 1], bbox_label=1)]
    info = info_of(1, gt_label=[0, 1], instances=instances)
    assert load(info) == info_of(1, gt_label=[0], neg_label=[2])
    assert load(info_of(2, gt_label=[0, 1]))['gt_label'] == []


def test_replaces_partial_labels(write):
    load = LoadObservedLabels(write(IMAGES))
    info = info_of(3, gt_label=[0], neg_label=[])
    assert load(info) == info_of(3, gt_label=[1, 2], neg_label=[])


def test_workers_and_pickling_change_nothing(write, write_dataset):
    load = pickle.loads(pickle.dumps(LoadObservedLabels(write(IMAGES))))
    entries = [
        dict(img_path=f'{n}.png', gt_label=[0, 1, 2][: 2 * n - 1])
        for n in (1, 3)
    ]
    dataset = PartialLabelDataset(
        pipeline=[load], labels='complete', **write_dataset(entries)
    )
    for num_workers in (0, 2):
        loader = DataLoader(
            dataset, 1, num_workers=num_workers, collate_fn=list
        )
        labels = [batch[0]['gt_label'] for batch in loader]
        assert labels == [[0], [1, 2]]


def test_takes_guesses_from_a_score_on(write):
    path = write(GUESSES)
    for min_score, known in ((None, [0, 2]), (0.4, [0, 2]), (0.5, [0])):
        load = LoadObservedLabels(path, min_score)
        assert load(info_of(1, gt_label=[0]))['gt_label'] == known


def test_guesses_may_contradict_the_truth(write):
    load = LoadObservedLabels(write(GUESSES))
    info = load(info_of(2, gt_label=[2]))
    assert (info['gt_label'], info['neg_label']) == ([1], [2])


@pytest.mark.parametrize(
    'labels, wrong',
    [
        (dict(gt_label=[1]), 'class 0 was observed as present in'),
        (dict(gt_label=[0, 2]), 'class 2 was observed as absent in'),
        (dict(gt_label=[], neg_label=[0]), 'class 0 was observed as present'),
        (dict(gt_label=[2], neg_label=[]), 'class 2 was observed as absent'),
    ],
)
def test_refuses_a_label_that_contradicts_the_data_set(write, labels, wrong):
    load = LoadObservedLabels(write(IMAGES))
    message = rf'seen\.jsonl: {wrong} .*says the contrary; make the file'
    with pytest.raises(ValueError, match=message):
        load(info_of(1, **labels))


def test_refuses_an_image_that_the_file_does_not_know(write):
    message = r'seen\.jsonl does not know the image images/9\.png: make'
    with pytest.raises(KeyError, match=message):
        LoadObservedLabels(write(IMAGES))(info_of(9, gt_label=[]))


def test_refuses_an_image_without_identity(write):
    with pytest.raises(KeyError, match=r'An image has no `sample_id`: put'):
        LoadObservedLabels(write(IMAGES))(dict(gt_label=[]))


def test_refuses_a_threshold_without_scores(write):
    message = r'`min_score` is 0\.5, but the labels .* have no scores: remove'
    with pytest.raises(ValueError, match=message):
        LoadObservedLabels(write(IMAGES), min_score=0.5)


def test_refuses_a_missing_file():
    with pytest.raises(FileNotFoundError, match=r'no\.jsonl: No such file'):
        LoadObservedLabels('no.jsonl')


def test_says_why_it_does_not_fit_a_data_set(write):
    load = LoadObservedLabels(write(IMAGES))
    assert load.find_mismatch(tuple(CLASSES)) is None
    for classes in (CLASSES[::-1], CLASSES[:2]):
        error = load.find_mismatch(classes)
        assert 'was made for other classes' in error and 'make it' in error


def test_shows_its_arguments(write):
    path = write(IMAGES)
    text = f'LoadObservedLabels(ann_file={path!r}, min_score=None)'
    assert repr(LoadObservedLabels(path)) == text


@pytest.mark.slow
@pytest.mark.realdata
@pytest.mark.skipif(
    'MMWSML_DATA' not in os.environ, reason='MMWSML_DATA is not set'
)
def test_reads_the_single_positives_of_coco_against_the_complete_ones(
    tmp_path,
):
    lists = Path(os.environ['MMWSML_DATA']) / 'lists' / 'spml_lists'
    names = [
        line.partition(',')[0]
        for line in (lists / 'coco_train_full.txt').read_text().splitlines()
    ]
    finder = ImageFinder(f'coco14/train2014/{name}' for name in names)
    truth, kept = (
        read_index_list(str(lists / name), finder, 80, BadEntries())
        for name in ('coco_train_full.txt', 'coco_train_singlelabel.txt')
    )
    path = str(tmp_path / 'seen.jsonl')
    classes = [str(n) for n in range(80)]
    save_observed_labels(ObservedLabels(classes, kept.values()), path)
    load = LoadObservedLabels(path)
    for sample_id, image in truth.items():
        info = dict(sample_id=sample_id, gt_label=image.positives)
        (label,) = load(info)['gt_label']  # refuses what is not true
        assert label in image.positives
    assert len(truth) == len(kept) == 82081
