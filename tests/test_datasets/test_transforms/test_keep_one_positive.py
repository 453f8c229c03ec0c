from collections import Counter

import pytest
from torch.utils.data import DataLoader

from mmwsml.datasets import DigitScenes, PartialLabelDataset
from mmwsml.datasets.transforms import KeepOnePositive, PackPartialLabels


def kept(sample_id, labels, seed=0):
    """Return what is left of the labels of an image."""
    results = dict(sample_id=sample_id, gt_label=list(labels))
    return KeepOnePositive(seed)(results)['gt_label']


@pytest.mark.parametrize('labels', [[4], [1, 4], [0, 3, 7, 9]])
def test_keeps_exactly_one_of_the_positives(labels):
    for n in range(50):
        (label,) = kept(f'x/{n}', labels)
        assert label in labels


def test_an_image_without_a_positive_keeps_none():
    results = KeepOnePositive()(dict(sample_id='x/1', gt_label=[]))
    assert results['gt_label'] == [] and results['neg_label'] == []


def test_the_draw_does_not_depend_on_the_order_of_the_labels():
    for n in range(50):
        assert kept(f'x/{n}', [2, 5, 8]) == kept(f'x/{n}', [8, 2, 5])


def test_the_draw_is_the_same_for_good():
    draw = [kept(f'images/{n}.png', range(20))[0] for n in range(8)]
    assert draw == [9, 11, 3, 8, 15, 19, 5, 18]


def test_every_positive_is_kept_equally_often():
    counts = Counter(kept(f'x/{n}', [1, 4, 6, 9])[0] for n in range(4000))
    chi_square = sum((counts[k] - 1000) ** 2 / 1000 for k in (1, 4, 6, 9))
    assert chi_square < 16.3  # 99.9 % of fair draws, three degrees of freedom


def test_another_seed_is_an_independent_draw():
    draws = [
        [kept(f'x/{n}', [1, 4, 6, 9], seed) for n in range(1000)]
        for seed in range(2)
    ]
    same = sum(a == b for a, b in zip(*draws))
    assert 200 < same < 300


def epoch(dataset, num_workers):
    """Return the label that each image of an epoch keeps."""
    loader = DataLoader(dataset, 4, num_workers=num_workers, collate_fn=list)
    return [info['gt_label'] for batch in loader for info in batch]


def test_epochs_workers_and_moved_data_see_one_draw(write_dataset, tmp_path):
    entries = [
        dict(img_path=f'{n}.png', gt_label=[0, 1, 2]) for n in range(12)
    ]
    here, there = (
        PartialLabelDataset(pipeline=[KeepOnePositive()], **kwargs)
        for kwargs in (
            write_dataset(entries, root=tmp_path / folder) for folder in 'ab'
        )
    )
    draw = epoch(here, num_workers=0)
    assert len({label for (label,) in draw}) > 1
    assert draw == epoch(here, num_workers=0) == epoch(here, num_workers=2)
    assert draw == epoch(there, num_workers=0)


def test_nothing_in_the_results_tells_of_the_hidden_labels():
    results = dict(
        img_path='1.png',
        sample_id='x/1',
        gt_label=[1, 3, 5],
        neg_label=[0, 2],
        instances=[dict(bbox=[0, 0, 1, 1], bbox_label=5)],
    )
    results = KeepOnePositive()(results)
    assert results.pop('gt_label') in ([1], [3], [5])
    assert results == dict(img_path='1.png', sample_id='x/1', neg_label=[])


def test_nothing_in_the_packed_sample_tells_of_them(scenes_root):
    pipeline = [KeepOnePositive(), PackPartialLabels()]
    dataset = DigitScenes(
        'val', data_root=str(scenes_root), pipeline=pipeline, indices=20
    )
    for packed in dataset:
        sample = packed['data_samples']
        assert sample.gt_label.shape == (1,) and sample.neg_label.shape == (0,)
        assert set(sample.keys()) == {'gt_label', 'neg_label'}
        known = {'img_path', 'sample_idx', 'sample_id', 'num_classes'}
        assert set(sample.metainfo_keys()) <= known


def test_shows_its_seed():
    assert repr(KeepOnePositive(seed=3)) == 'KeepOnePositive(seed=3)'
