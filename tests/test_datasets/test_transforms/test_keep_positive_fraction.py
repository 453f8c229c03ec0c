import pytest

from mmwsml.datasets.transforms import KeepPositiveFraction
from mmwsml.structures import hash32


def kept(sample_id, labels, fraction, seed=0):
    """Return what is left of the positives of an image."""
    results = dict(sample_id=sample_id, gt_label=list(labels), neg_label=[99])
    results = KeepPositiveFraction(fraction, seed)(results)
    assert results['neg_label'] == []
    return results['gt_label']


@pytest.mark.parametrize('fraction', [0, 0.4, 0.75, 1])
def test_keeps_the_positives_whose_number_is_below_the_fraction(fraction):
    for n in range(20):
        numbers = hash32(f'KeepPositiveFraction/0/x/{n}', 10).tolist()
        known = [c for c in (2, 3, 9) if numbers[c] / 2**32 < fraction]
        assert kept(f'x/{n}', [9, 2, 3], fraction) == known


@pytest.mark.parametrize('fraction', [0.4, 0.75])
def test_keeps_that_share_of_all_positives(fraction):
    num_kept = sum(
        len(kept(f'x/{n}', range(50), fraction)) for n in range(100)
    )
    assert abs(num_kept / 5000 - fraction) < 0.03


def test_a_positive_does_not_depend_on_the_others():
    for n in range(20):
        alone = kept(f'x/{n}', [4], 0.5)
        assert alone == [c for c in kept(f'x/{n}', [1, 4, 70], 0.5) if c == 4]


def test_the_draw_is_the_same_for_good():
    draws = [kept(f'images/{n}.png', range(6), 0.4) for n in range(4)]
    assert draws == [[0, 1, 2], [0, 2, 3, 4], [4], [0, 1, 4]]


@pytest.mark.parametrize('fraction', [-0.1, 40])
def test_refuses_a_fraction_outside_of_the_unit_interval(fraction):
    with pytest.raises(ValueError, match=r'`fraction` must be in \[0, 1\]'):
        KeepPositiveFraction(fraction)
