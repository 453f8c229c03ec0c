import pytest

from mmwsml.datasets.transforms import KeepKnownFraction
from mmwsml.structures import hash32


def kept(sample_id, labels, fraction, num_classes=10, seed=0, **kwargs):
    """Return what is left of the labels of an image."""
    keep = KeepKnownFraction(fraction, num_classes, seed)
    results = keep(dict(sample_id=sample_id, gt_label=list(labels), **kwargs))
    return results['gt_label'], results['neg_label']


@pytest.mark.parametrize('fraction', [0, 0.1, 0.5, 0.9, 1])
def test_keeps_the_labels_whose_number_is_below_the_fraction(fraction):
    for n in range(20):
        numbers = hash32(f'KeepKnownFraction/0/x/{n}', 10).tolist()
        known = [c for c in range(10) if numbers[c] / 2**32 < fraction]
        positives = [c for c in known if c in (2, 3)]
        negatives = [c for c in known if c not in (2, 3)]
        assert kept(f'x/{n}', [3, 2], fraction) == (positives, negatives)


def test_keeps_none_at_0_and_all_at_1():
    assert kept('x/1', [2, 3], 0) == ([], [])
    assert kept('x/1', [2, 3], 1, 5) == ([2, 3], [0, 1, 4])


def test_positives_and_negatives_are_kept_alike():
    draws = [kept(f'x/{n}', range(50), 0.3, 100) for n in range(100)]
    for kind in zip(*draws):
        assert 1350 < sum(map(len, kind)) < 1650  # of 5,000; 1,500 +- 4.6 s.d.


def test_a_larger_fraction_keeps_what_a_smaller_one_keeps():
    some, more = (set(kept('x/1', [], f, 100)[1]) for f in (0.3, 0.4))
    assert some < more


def test_the_number_of_a_class_does_not_depend_on_later_classes():
    few, many = (set(kept('x/1', [], 0.5, k)[1]) for k in (50, 5000))
    assert few == {c for c in many if c < 50}


def test_another_seed_is_an_independent_draw():
    some, other = (set(kept('x/1', [], 0.5, 1000, s)[1]) for s in (0, 1))
    assert 200 < len(some & other) < 300


def test_the_draw_is_the_same_for_good():
    draws = [kept(f'images/{n}.png', range(5), 0.3) for n in range(4)]
    assert draws == [([0, 1, 3], [7, 8]), ([], [5, 7]), ([0], [6]), ([], [8])]


def test_hides_known_labels_further():
    labels = kept('x/1', [0, 1], 1, 10, neg_label=[7])
    assert labels == ([0, 1], [7])


@pytest.mark.parametrize('fraction', [-0.1, 1.1, 75, float('nan')])
def test_refuses_a_fraction_outside_of_the_unit_interval(fraction):
    with pytest.raises(ValueError, match=r'`fraction` must be in \[0, 1\]'):
        KeepKnownFraction(fraction, 10)


@pytest.mark.parametrize('fraction', ['0.5', None, True])
def test_refuses_a_fraction_that_is_no_number(fraction):
    with pytest.raises(TypeError, match='`fraction` must be a number'):
        KeepKnownFraction(fraction, 10)


def test_refuses_a_label_that_is_no_class():
    with pytest.raises(ValueError, match='x/1 has the label 10, but'):
        kept('x/1', [10], 0.5, 10)
