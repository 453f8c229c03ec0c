import numpy as np
import pytest
from sklearn.metrics import average_precision_score

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
        spreads.append(resampled_average_precision(scores, target).std(0))
    assert (spreads[0] > 5 * spreads[1]).all()  # as 1 / sqrt(N): ten times


def test_the_same_scores_differ_nowhere():
    scores, target = make_case(2)
    first, second = (
        resampled_average_precision(scale * scores, target) for scale in (1, 2)
    )
    assert np.array_equal(first, second, equal_nan=True)


def test_a_class_without_a_positive_has_none():
    scores, target = make_case(4)
    target[:, 1] = False
    result = resampled_average_precision(scores, target, num_resamples=5)
    assert np.isnan(result[:, 1]).all()
    assert np.isfinite(result[:, [0, 2]]).all()
