import numpy as np
import pytest

from mmwsml.evaluation.scaled_logistic import CHANCES, fit_scaled_logistic


@pytest.fixture
def drawn():
    """Draw scores of two classes, truth, and 40 % of the positives."""
    rng = np.random.default_rng(0)
    truth = rng.random((4000, 2)) < [0.3, 0.1]
    logits = rng.normal(size=truth.shape) + 4 * truth
    scores = 1 / (1 + np.exp(-logits + 2))
    return scores, truth, truth & (rng.random(truth.shape) < 0.4)


def test_the_curve_of_the_chance_that_was_drawn_fits_best(drawn):
    scores, truth, shown = drawn
    curve = fit_scaled_logistic(scores, shown)
    assert curve.weight.sum(1) == pytest.approx(1)
    best = curve.weight.argmax(1)
    assert CHANCES[best] == pytest.approx(0.4, abs=0.12)
    mean = (curve.weight * curve.number).sum(1)
    assert mean == pytest.approx(truth.sum(0), rel=0.1)


def test_hidden_positives_are_as_likely_as_they_are(drawn):
    """In ten parts by the chance, the share of positives equals it."""
    scores, truth, shown = drawn
    chance = fit_scaled_logistic(scores, shown).hidden(scores)
    left = ~shown[:, 0]
    order = np.argsort(chance[left, 0])
    for part in np.array_split(order, 10):
        share = truth[left, 0][part].mean()
        assert chance[left, 0][part].mean() == pytest.approx(share, abs=0.08)


def test_classes_do_not_depend_on_each_other(drawn):
    scores, _, shown = drawn
    both = fit_scaled_logistic(scores, shown)
    alone = fit_scaled_logistic(scores[:, 1:], shown[:, 1:])
    for one, two in zip(both, alone):
        assert one[1:] == pytest.approx(two)


@pytest.mark.filterwarnings('error')
@pytest.mark.parametrize('scores', [[0, 0, 1], [0.5, 0.5, 0.5], [1, 0, 0]])
def test_few_images_and_sure_scores_give_numbers(scores):
    scores = np.array(scores, float)[:, None]
    positive = np.array([False, False, True])[:, None]
    curve = fit_scaled_logistic(scores, positive)
    assert all(np.isfinite(part).all() for part in curve)
    chance = curve.hidden(scores)
    assert ((chance >= 0) & (chance <= 1)).all()
