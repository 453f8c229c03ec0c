import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from mmwsml.evaluation.functional import average_precision, positives_alone


def sklearn_average_precision(scores, target, observed):
    """Ask scikit-learn about the observed subset of each class."""
    result = []
    for z, y, kept in zip(scores.T, target.T, observed.T):
        if y[kept].all():  # nothing observed, or positives alone
            result.append(np.nan)
        elif not y[kept].any():
            result.append(0.0)
        else:
            result.append(average_precision_score(y[kept], z[kept]))
    return np.array(result)


def random_case(seed, decimals=None):
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 40), 12
    scores = rng.random(shape, dtype=np.float32)
    if decimals is not None:
        scores = scores.round(decimals)
    target = rng.random(shape) < rng.choice([0.0, 0.05, 0.3, 1.0], 12)
    observed = rng.random(shape) < rng.choice([0.0, 0.2, 0.9, 1.0], 12)
    return scores, target.astype(np.float32), observed


@pytest.mark.parametrize('decimals', [None, 2, 1, 0])
def test_equals_scikit_learn_on_the_observed_entries(decimals):
    for seed in range(25):
        case = random_case(seed, decimals)
        expected = sklearn_average_precision(*case)
        np.testing.assert_allclose(
            average_precision(*case), expected, rtol=0, atol=1e-6
        )


@pytest.mark.parametrize('decimals', [None, 1])
def test_equals_scikit_learn_when_all_is_observed(decimals):
    for seed in range(25):
        scores, target, observed = random_case(seed, decimals)
        everything = np.ones_like(observed)
        expected = sklearn_average_precision(scores, target, everything)
        found = average_precision(scores, target, None)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_does_not_depend_on_the_order_of_tied_images():
    scores, target, observed = random_case(3, decimals=1)
    order = np.random.default_rng(0).permutation(len(scores))
    np.testing.assert_array_equal(
        average_precision(scores, target, observed),
        average_precision(scores[order], target[order], observed[order]),
    )


def test_equal_scores_give_the_share_of_positives():
    target = np.array([[1.0], [0], [0], [1], [0]])
    assert average_precision(np.zeros((5, 1)), target, None) == [0.4]


def test_unobserved_entries_do_not_count():
    scores = np.array([[0.9], [0.8], [0.7]])
    target = np.array([[0.0], [1], [0]])
    observed = np.array([[False], [True], [True]])
    assert average_precision(scores, target, observed) == [1.0]
    assert average_precision(scores, target, None) == [0.5]


@pytest.mark.filterwarnings('error')
def test_a_class_with_nothing_observed_or_positives_alone_is_nan():
    """Of positives alone any model has 1: that says nothing of it."""
    scores = np.float32([[0.1, 0.2, 0.3], [0.9, 0.1, 0.4]])
    target = np.array([[1, 1, 1], [1, 1, 0]])
    observed = np.array([[True, False, True]] * 2)
    found = average_precision(scores, target, observed)
    assert np.isnan(found).tolist() == [True, True, False]
    assert np.isnan(average_precision(scores, target, None)[0])


@pytest.mark.parametrize('partial', [False, True])
def test_positives_alone_are_marked(partial):
    target = np.array([[1, 1, 0, 1], [1, 0, 0, 0]])
    observed = np.array([[True, True, True, False], [True, False, True, True]])
    marked = positives_alone(target, observed if partial else None)
    assert marked.tolist() == [True, partial, False, False]
    assert not positives_alone(target[:0], None).any()


@pytest.mark.filterwarnings('error')
def test_a_class_observed_without_a_positive_is_zero():
    found = average_precision(np.ones((3, 1)), np.zeros((3, 1)), None)
    assert found == [0.0]


def test_scores_that_float16_would_tie_stay_apart():
    scores = np.float32([[0.99999], [0.999991]])
    target = np.array([[0.0], [1]])
    assert average_precision(scores, target, None) == [1.0]


def test_huge_logits_are_ranked_without_overflow():
    scores = np.float32([[1e4], [-1e4], [0], [3e38]])
    target = np.array([[0.0], [1], [0], [1]])
    assert average_precision(scores, target, None) == [0.75]
