import numpy as np
import pytest

from mmwsml.engine.validated_choice import choose_by_class, choose_for_all

PRIOR = np.array([0.0, -0.01, -0.02])
#: Average precision of three candidates for three classes.
PRECISION = np.array([[0.5, 0.5, 0.5], [0.6, 0.5, 0.6], [0.4, 0.7, 0.5]])


def expect(precision, count, prior, m):
    """Write out what one candidate is expected to have."""
    share = sum(count) / (sum(count) + 100)
    mean = sum(precision[m]) / len(precision[m])
    return share * mean + (1 - share) * prior[m]


@pytest.mark.parametrize('count', [[0, 0, 0], [3, 9, 1], [500, 20, 80]])
def test_equals_the_rule_written_as_loops(count):
    means = [expect(PRECISION, count, PRIOR, m) for m in range(3)]
    assert choose_for_all(PRECISION, np.array(count), PRIOR) == means.index(
        max(means)
    )
    chosen = choose_by_class(PRECISION, np.array(count), PRIOR)
    for k, n in enumerate(count):
        share = n / (n + 100)
        own = [
            share * PRECISION[m, k] + (1 - share) * means[m] for m in range(3)
        ]
        assert chosen[k] == own.index(max(own))


def test_many_positives_choose_the_best_of_each_class():
    chosen = choose_by_class(PRECISION, np.full(3, 10**6), PRIOR)
    assert chosen.tolist() == [1, 2, 1]


def test_without_positives_the_prior_chooses():
    assert not choose_by_class(PRECISION, np.zeros(3), PRIOR).any()


def test_a_class_that_was_not_measured_follows_the_others():
    precision = PRECISION.copy()
    precision[:, 1] = np.nan
    count = np.full(3, 10**6)
    assert choose_for_all(precision, count, PRIOR) == 1
    assert choose_by_class(precision, count, PRIOR).tolist() == [1, 1, 1]


def test_where_nothing_was_measured_the_prior_chooses():
    nothing = np.full((3, 3), np.nan)
    assert choose_for_all(nothing, np.ones(3), -PRIOR) == 2
    chosen = choose_by_class(nothing, np.ones(3), -PRIOR)
    assert chosen.tolist() == [2, 2, 2]
