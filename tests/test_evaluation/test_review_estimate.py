import numpy as np
import pytest

from mmwsml.evaluation.functional import average_precision
from mmwsml.evaluation.review_estimate import (
    Estimate,
    answers_for,
    estimate,
)
from mmwsml.evaluation.sampled_review import (
    Labels,
    draw,
    guess_chances,
    stratify,
)


def make_labels(seed=0, num_images=300):
    rng = np.random.default_rng(seed)
    truth = rng.random((num_images, 5)) < [0.5, 0.3, 0.2, 0.1, 0.05]
    logits = rng.normal(size=truth.shape) + 2.5 * truth - 2
    scores = 1 / (1 + np.exp(-logits))
    positive = truth & (rng.random(truth.shape) < 0.4)
    return truth, Labels(scores, positive, ~positive, scores >= 0.5)


def measure(truth, labels):
    right = (truth & labels.predicted).sum()
    return dict(
        mAP=average_precision(labels.scores, truth, None).mean(),
        precision=right / labels.predicted.sum(),
        recall=right / truth.sum(),
        missing=(truth & labels.unknown).sum(),
    )


def ask(truth, labels, budget, seed=0, num_draws=60):
    chances = guess_chances(labels)
    strata = stratify(labels, chances, budget)
    places = draw(strata, budget, seed)
    answers = truth.ravel()[places]
    return estimate(labels, chances, strata, places, answers, num_draws, seed)


def test_all_answers_are_the_truth():
    truth, labels = make_labels(num_images=100)
    found = ask(truth, labels, 10**6)
    for name, value in measure(truth, labels).items():
        assert found[name] == pytest.approx((value, value, value))


def test_intervals_hold_the_truth_in_most_draws():
    truth, labels = make_labels()
    expected = measure(truth, labels)
    hits = dict.fromkeys(expected, 0)
    for seed in range(10):
        found = ask(truth, labels, 150, seed)
        for name, value in expected.items():
            hits[name] += found[name].low <= value <= found[name].high
    assert min(hits.values()) >= 7, hits


def test_more_answers_narrow_the_intervals():
    truth, labels = make_labels()
    few, many = (ask(truth, labels, budget) for budget in (60, 600))
    for name, one in few.items():
        other = many[name]
        assert other.high - other.low < 0.7 * (one.high - one.low)


def test_wide_intervals_ask_for_more():
    wide = dict(mAP=Estimate(0.5, 0.3, 0.7), missing=Estimate(9, 0, 99))
    assert answers_for(wide, 50) == 200
    assert answers_for(dict(mAP=Estimate(0.5, 0.4, 0.6)), 50) is None


def test_a_stratum_has_the_share_of_its_answers():
    """Half of 8,000 labels that are not alike: 40 % with a stretched guess."""
    chances = np.tile([0.95, 0.05], (4000, 1))
    scores = np.random.default_rng(0).random(chances.shape)
    none = np.zeros(chances.shape, bool)
    labels = Labels(scores, none, ~none, ~none)
    places = np.arange(400)
    answers = places % 2 == 0
    answers[[0, 1, 2, 3]] = answers[[1, 0, 3, 2]]
    found = estimate(labels, chances, none.astype(int), places, answers, 40)
    assert found['precision'].value == pytest.approx(0.5, abs=0.02)
    width = found['precision'].high - found['precision'].low
    assert 0.07 < width < 0.13  # 0.098 of 400 answers
