from collections import Counter

import pytest

from mmwsml.datasets.transforms import KeepPositiveByFrequency


def kept(sample_id, counts, labels=(0, 2)):
    """Return what is left of the positives of an image."""
    results = dict(sample_id=sample_id, gt_label=list(labels))
    return KeepPositiveByFrequency(counts)(results)['gt_label']


def test_a_class_is_kept_in_proportion_to_its_count():
    draws = Counter(kept(f'x/{n}', [30, 99, 10])[0] for n in range(2000))
    assert 430 < draws[2] < 570 and draws[0] + draws[2] == 2000


def test_a_class_that_counts_0_is_kept_only_among_its_like():
    assert all(kept(f'x/{n}', [0, 5, 1]) == [2] for n in range(50))
    draws = Counter(kept(f'x/{n}', [0, 5, 0])[0] for n in range(1000))
    assert 430 < draws[0] < 570


def test_the_draw_is_the_same_for_good():
    draws = [kept(f'images/{n}.png', [3, 1, 2])[0] for n in range(8)]
    assert draws == [2, 0, 2, 2, 0, 2, 0, 2]


@pytest.mark.parametrize('count', [-1, 0.5, True, None])
def test_refuses_a_count_that_is_none(count):
    message = f'integers of at least 0, but got {count} for class 1'
    with pytest.raises(ValueError, match=message):
        KeepPositiveByFrequency([0, count])


def test_refuses_a_label_without_a_count():
    message = 'x/1 has the label 2, but `counts` is of 2 classes: give'
    with pytest.raises(ValueError, match=message):
        kept('x/1', [1, 2])
