import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from mmwsml.evaluation.functional import average_precision
from mmwsml.evaluation.resampling import resampled_average_precision


def make_case(seed, num_images=30, decimals=1):
    """Make scores with ties, and labels of three classes."""
    rng = np.random.default_rng(seed)
    scores = rng.random((num_images, 3)).round(decimals)
    return scores, rng.random(scores.shape) < 0.3


@pytest.mark.parametrize('part', [False, True])
def test_equals_scikit_learn_on_the_images_drawn(part):
    scores, target = make_case(0)
    observed = np.random.default_rng(5).random(target.shape) < 0.7
    result = resampled_average_precision(
        scores, target, observed if part else None, num_resamples=20, seed=3
    )
    rng = np.random.default_rng(3)
    counts = rng.multinomial(30, np.full(30, 1 / 30), 20)
    for count, values in zip(counts, result):
        images = np.repeat(np.arange(30), count)
        for k in range(3):
            drawn = images[observed[images, k]] if part else images
            expected = average_precision_score(
                target[drawn, k], scores[drawn, k]
            )
            assert values[k] == pytest.approx(expected, abs=1e-12)


def test_spreads_about_the_value_and_less_with_more_images():
    spreads = []
    for num_images in (100, 10_000):
        scores, target = make_case(1, num_images, decimals=6)
        drawn = resampled_average_precision(scores, target)
        spreads.append(drawn.std(0))
        value = average_precision(scores, target, None)
        assert (abs(drawn.mean(0) - value) < drawn.std(0)).all()
    assert (spreads[0] > 5 * spreads[1]).all()  # as 1 / sqrt(N): ten times


def test_the_same_scores_differ_nowhere():
    scores, target = make_case(2)
    first, second = (
        resampled_average_precision(scale * scores, target) for scale in (1, 2)
    )
    assert np.array_equal(first, second, equal_nan=True)


def test_a_draw_of_positives_alone_has_no_average_precision():
    scores, target = np.array([[0.9], [0.1]]), np.array([[True], [False]])
    result = resampled_average_precision(scores, target, seed=1)[:, 0]
    # Of two images: both (1), twice the positive, twice the negative (0).
    assert np.isnan(result).any() and {0, 1} == {*result[~np.isnan(result)]}
    assert np.isnan(resampled_average_precision(scores, target | True)).all()


def test_empty_classes_are_as_in_the_average_precision():
    scores, target = make_case(4)
    observed = np.ones(target.shape, bool)
    target[:, 1] = observed[:, 2] = False
    result = resampled_average_precision(
        scores, target, observed, num_resamples=5
    )
    assert (result[:, 0] > 0).all() and (result[:, 1] == 0).all()
    assert np.isnan(result[:, 2]).all()
    value = average_precision(scores, target, observed)
    assert value[1] == 0 and np.isnan(value[2])
