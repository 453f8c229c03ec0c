import numpy as np
import pytest

from mmwsml.evaluation.functional import average_precision
from mmwsml.evaluation.review_correction import (
    Answered,
    correct_map,
    differentiate_map,
)

DRAWN = np.array([-1.0, 0.0, 1.0])


def make_labels():
    rng = np.random.default_rng(0)
    return rng.random((30, 3)), rng.random((30, 3)) < 0.4


def test_the_derivative_is_that_of_scikit_learns_average_precision():
    """A label more or less changes the mAP by about its derivative."""
    scores, truth = make_labels()
    slope = differentiate_map(scores, truth.astype(float))
    before = average_precision(scores, truth, None).mean()
    for n, k in ((0, 0), (7, 1), (29, 2)):
        other = truth.copy()
        other[n, k] = ~other[n, k]
        change = average_precision(scores, other, None).mean() - before
        sign = 1 if other[n, k] else -1
        assert sign * slope[n, k] == pytest.approx(change, abs=0.004)


def test_answers_as_likely_as_thought_correct_nothing():
    scores, truth = make_labels()
    places = np.arange(90)
    chance = np.full(90, truth.mean())
    answered = Answered(places, truth.ravel(), chance, np.ones(90))
    found = correct_map(scores, np.full(truth.shape, 0.4), answered, DRAWN)
    assert found.tolist() == [0, 0, 0]


def test_positives_higher_up_than_thought_raise_the_map():
    scores, _ = make_labels()
    truth = scores > 0.6
    answered = Answered(
        np.arange(90), truth.ravel(), np.full(90, 0.4), np.ones(90)
    )
    low, found, high = correct_map(
        scores, np.full(truth.shape, 0.4), answered, DRAWN
    )
    assert low < found < high
    assert 0.1 < found < 0.7  # of the 0.4 that chance has to the 1 of these


def test_all_answers_leave_nothing_to_correct():
    scores, truth = make_labels()
    answered = Answered(
        np.arange(90), truth.ravel(), np.full(90, 0.4), np.zeros(90)
    )
    assert not correct_map(scores, truth.astype(float), answered, DRAWN).any()
