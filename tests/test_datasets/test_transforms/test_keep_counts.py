from collections import Counter

import pytest

from mmwsml.datasets.transforms import KeepCounts
from mmwsml.structures import hash32


def kept(sample_id, labels, num_pos, num_neg, num_classes=10, **kwargs):
    """Return what is left of the labels of an image."""
    keep = KeepCounts(num_pos, num_neg, num_classes, kwargs.pop('seed', 0))
    results = keep(dict(sample_id=sample_id, gt_label=list(labels), **kwargs))
    return results['gt_label'], results['neg_label']


@pytest.mark.parametrize('num_pos', [0, 1, 2, 5])
@pytest.mark.parametrize('num_neg', [0, 1, 3, 20])
def test_keeps_the_smallest_numbers_of_each_kind(num_pos, num_neg):
    for n in range(20):
        numbers = hash32(f'KeepCounts/0/x/{n}', 10).tolist()
        order = sorted(range(10), key=numbers.__getitem__)
        positives = sorted([c for c in order if c in (1, 4, 8)][:num_pos])
        negatives = sorted([c for c in order if c not in (1, 4, 8)][:num_neg])
        assert kept(f'x/{n}', [8, 1, 4], num_pos, num_neg) == (
            positives,
            negatives,
        )


def test_a_larger_count_keeps_what_a_smaller_one_keeps():
    for n in range(20):
        one = kept(f'x/{n}', [1, 4, 8], 1, 1)
        two = kept(f'x/{n}', [1, 4, 8], 2, 3)
        assert all(set(a) < set(b) for a, b in zip(one, two))


def test_negatives_come_from_the_known_ones_where_labels_are_partial():
    for n in range(20):
        labels = kept(f'x/{n}', [1], 1, 1, neg_label=[3, 5])
        assert labels in (([1], [3]), ([1], [5]))


def test_every_label_is_kept_equally_often():
    counts = Counter()
    for n in range(4000):
        positives, negatives = kept(f'x/{n}', [0, 2, 4, 6], 1, 2)
        counts.update(positives + negatives)
    share = [
        counts[c] / (1000 if c in (0, 2, 4, 6) else 8000 / 6)
        for c in range(10)
    ]
    assert all(0.85 < value < 1.15 for value in share)


def test_the_draw_is_the_same_for_good():
    draws = [kept(f'images/{n}.png', range(9), 1, 1, 20) for n in range(4)]
    assert draws == [([2], [15]), ([6], [18]), ([5], [17]), ([8], [17])]


@pytest.mark.parametrize('count', [-1, 1.0, True, None])
@pytest.mark.parametrize('name', ['num_pos', 'num_neg'])
def test_refuses_a_count_that_is_none(name, count):
    counts = {'num_pos': 0, 'num_neg': 0, name: count}
    message = f'`{name}` must be an integer of at least 0, but got {count}'
    with pytest.raises(ValueError, match=message):
        KeepCounts(num_classes=3, **counts)


@pytest.mark.parametrize('labels', [dict(), dict(neg_label=[12])])
def test_refuses_a_label_that_is_no_class(labels):
    positives = [1] if labels else [1, 12]
    message = 'x/1 has the label 12, but .* num_classes=12: give'
    with pytest.raises(ValueError, match=message):
        kept('x/1', positives, 1, 1, num_classes=12, **labels)
