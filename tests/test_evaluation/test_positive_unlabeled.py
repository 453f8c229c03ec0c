import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from mmwsml.evaluation.positive_unlabeled import (
    positive_unlabeled,
    roc_auc_of_class,
)


@pytest.mark.parametrize('digits', [1, 2, 8])
def test_equals_scikit_learn_with_unobserved_as_negative(digits):
    rng = np.random.default_rng(digits)
    scores = rng.random((40, 6)).round(digits)
    positive = rng.random((40, 6)) < [0.9, 0.5, 0.3, 0.1, 0, 1]
    found = positive_unlabeled(scores, positive)
    for k in range(4):
        y, z = positive[:, k], scores[:, k]
        assert found.ap[k] == pytest.approx(average_precision_score(y, z))
        assert found.auc[k] == pytest.approx(roc_auc_score(y, z))
    assert np.isnan([*found.ap[4:], *found.auc[4:]]).all()


def hide(rng, positive, shown):
    return positive & (rng.random(positive.shape) < shown)


def test_is_affine_in_the_truth_where_observation_is_random_in_a_class():
    """The docstring of PositiveUnlabeledMetric, at its limit."""
    rng = np.random.default_rng(0)
    share, shown = 0.3, 0.4
    positive = rng.random((200_000, 1)) < share
    observed = hide(rng, positive, shown)
    for shift in (0.5, 1, 2):
        scores = rng.normal(size=positive.shape) + shift * positive
        truth = positive_unlabeled(scores, positive)
        found = positive_unlabeled(scores, observed)
        assert found.ap == pytest.approx(shown * truth.ap, rel=0.02)
        hidden = share * (1 - shown) / (1 - share * shown)
        expected = (1 - hidden) * truth.auc + hidden / 2
        assert found.auc == pytest.approx(expected, abs=0.004)


def test_observation_by_what_the_image_shows_may_turn_the_order():
    """Lonely positives are always shown: the model that finds them wins."""
    rng = np.random.default_rng(1)
    positive = rng.random((20_000, 1)) < 0.4
    lonely = positive & (rng.random(positive.shape) < 0.5)
    observed = lonely | hide(rng, positive, 0.05)
    noise = rng.normal(size=positive.shape)
    good = noise + 1.5 * positive
    narrow = noise + 2.5 * lonely
    truth = [positive_unlabeled(x, positive).auc for x in (good, narrow)]
    found = [positive_unlabeled(x, observed).auc for x in (good, narrow)]
    assert truth[0] > truth[1] and found[0] < found[1]


def test_equal_scores_count_a_half():
    assert roc_auc_of_class(np.ones(5), np.ones(2)) == 0.5
