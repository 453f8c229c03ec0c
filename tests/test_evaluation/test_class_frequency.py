import numpy as np
import pytest

from mmwsml.evaluation.class_frequency import (
    count_complete,
    estimate_frequencies,
)

SHARES = np.array([0.4, 0.2, 0.1])


def draw(seed=0, num_images=2000, shown=0.4, distance=4):
    """Draw scores, truth and the positives that are shown at random."""
    rng = np.random.default_rng(seed)
    truth = rng.random((num_images, 3)) < SHARES
    logits = rng.normal(size=truth.shape) + distance * (truth - 0.5)
    scores = 1 / (1 + np.exp(-logits))
    return scores, truth, truth & (rng.random(truth.shape) < shown)


def estimate(scores, positive, negative=None, num_resamples=50):
    negative = np.zeros_like(positive) if negative is None else negative
    return estimate_frequencies(scores, positive, negative, num_resamples)


def test_is_near_the_truth_where_the_model_is_sure_of_some():
    scores, truth, shown = draw()
    found = estimate(scores, shown)
    assert found.number == pytest.approx(truth.sum(0), rel=0.15)
    assert found.total == pytest.approx(found.number.sum())
    low, high = found.total_interval
    assert low < truth.sum() < high
    assert (found.interval[:, 0] <= found.number).all()
    assert not found.few.any() and not found.clamped.any()


def test_the_share_that_is_shown_changes_little():
    for shown in (0.2, 0.8):
        scores, truth, positive = draw(shown=shown)
        total = estimate(scores, positive, num_resamples=2).total
        assert total == pytest.approx(truth.sum(), rel=0.25)


def test_intervals_cover_the_truth_in_nineteen_of_twenty_draws():
    hits = 0
    for seed in range(20):
        scores, truth, shown = draw(seed, 500)
        low, high = estimate(scores, shown).total_interval
        hits += low <= truth.sum() <= high
    assert hits >= 17


def test_a_model_that_is_never_sure_is_said_to_tell_little():
    scores, truth, shown = draw(distance=0.5)
    low, high = estimate(scores, shown, num_resamples=200).total_interval
    assert low < truth.sum() < high and high > 2.5 * low


@pytest.mark.parametrize('number', [1, 2, 5])
def test_few_positives_have_an_interval_though_some_draws_have_none(number):
    scores, _, shown = draw(num_images=200)
    shown[np.flatnonzero(shown[:, 2])[number:], 2] = False
    found = estimate(scores, shown, num_resamples=200)
    low, high = found.interval[2]
    assert number <= low <= found.number[2] <= high <= 200
    assert found.total_interval[0] >= shown.sum()


def test_a_class_without_a_positive_cannot_be_told():
    scores, _, shown = draw()
    shown[:, 1] = False
    shown[np.flatnonzero(shown[:, 2])[9:], 2] = False
    found = estimate(scores, shown)
    assert np.isnan(found.number).tolist() == [False, True, False]
    assert np.isnan(found.interval[1]).all()
    assert found.few.tolist() == [False, True, True]
    assert found.total == pytest.approx(found.number[[0, 2]].sum())


def test_an_estimate_outside_of_what_is_possible_is_clamped_and_said():
    scores, truth, shown = draw()
    absent = ~truth
    absent[:, 0] |= ~shown[:, 0]  # nothing is left to be hidden
    found = estimate(scores, shown, absent & ~shown)
    assert found.clamped.tolist() == [True, False, False]
    assert found.number[0] == shown[:, 0].sum()
    upper = estimate(1 - scores, shown)  # the wrong way round
    assert (upper.number <= len(scores)).all()


def test_equal_scores_leave_what_was_believed_before():
    """From all that are observed to all images, by the logarithm."""
    _, _, shown = draw()
    found = estimate(np.zeros(shown.shape), shown, num_resamples=200)
    assert (found.interval[:, 0] < 1.4 * shown.sum(0)).all()
    assert (found.interval[:, 1] > 0.9 * len(shown)).all()


def test_a_single_positive_is_enough_for_an_interval():
    positive = np.zeros((10, 1), bool)
    positive[3] = True
    found = estimate(np.eye(10)[:, 3:4], positive)
    assert found.number == pytest.approx(1, abs=0.3) and found.few.all()


def test_complete_labels_are_counted():
    _, truth, _ = draw()
    complete = np.arange(2000) < 300
    expected = truth[complete].mean(0) * 2000
    partial = truth & complete[:, None]
    found = count_complete(partial, complete)
    assert found.number == pytest.approx(expected)
    low, high = found.total_interval
    assert low < found.total < high


def test_complete_labels_of_all_images_leave_nothing_open():
    """The interval was that of other images, with ends nobody could have."""
    _, truth, _ = draw(num_images=300)
    found = count_complete(truth, np.ones(300, bool))
    assert found.number.tolist() == truth.sum(0).tolist()
    assert found.interval.tolist() == [[n, n] for n in truth.sum(0)]
    assert found.total_interval == (truth.sum(), truth.sum())


def test_no_end_of_an_interval_is_above_what_labels_leave_possible():
    """The bootstrap's reflection went beyond: to 186 of 134 that can be."""
    scores, truth, shown = draw(num_images=300)
    absent = ~truth & (np.arange(300) % 8 > 0)[:, None]
    found = estimate(scores, shown, absent)
    most = 300 - absent.sum(0)
    assert (found.interval[:, 1] <= most).all()
    assert found.total_interval[1] <= most.sum()
