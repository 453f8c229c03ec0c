import numpy as np
import pytest

from mmwsml.analysis.partial_calibration import find_thresholds
from mmwsml.evaluation.predictions import Predictions
from mmwsml.recipe import class_thresholds as module
from mmwsml.recipe.class_thresholds import find_class_thresholds


@pytest.fixture
def val():
    """Draw 400 images of a frequent class, a rare one, and one of none."""
    rng = np.random.default_rng(0)
    target = rng.random((400, 3)) < (0.5, 0.005, 0)
    noise = rng.normal(0, 1, target.shape)
    scores = 1 / (1 + np.exp(noise - 3 * target + 2))
    # An example that looks like none.
    scores[target[:, 1].nonzero()[0][0], 1] = 1e-9
    names = [str(n) for n in range(400)]
    classes = 'often', 'rare', 'never'
    return Predictions(scores, target, None, names, names, classes, 'val')


def logit(x):
    x = np.clip(x, 1e-6, 1 - 1e-6)
    return np.log(x / (1 - x))


def test_a_threshold_is_a_mean_by_examples(val):
    values = find_class_thresholds('x', val).values
    own, _ = find_thresholds('x', val, 0.5)
    pairs = val._replace(
        scores=val.scores.reshape(-1, 1),
        target=val.target.reshape(-1, 1),
        img_paths=[''] * 1200,
        sample_ids=[''] * 1200,
        classes=('all',),
    )
    (common,), _ = find_thresholds('x', pairs, 0.5)
    for k, number in enumerate(val.target.sum(0)):
        mean = common
        if number:
            both = number * logit(own[k]) + logit(common)
            mean = 1 / (1 + np.exp(-both / (number + 1)))
        assert values[k] == pytest.approx(mean)
    assert own[0] == pytest.approx(values[0], abs=0.01)


def test_fewer_images_name_a_class_that_has_few_examples(val):
    own, _ = find_thresholds('x', val, 0.5)
    values = find_class_thresholds('x', val).values
    said = (val.scores[:, 1, None] >= (own[1], values[1])).sum(0)
    assert said[1] < said[0] or said[0] < 5


def test_positives_alone_are_estimates(val):
    found = find_class_thresholds('x', val._replace(observed=val.target))
    assert found.estimated.tolist() == [True, True, False]
    assert ((found.values > 0) & (found.values < 1)).all()


def test_of_many_pairs_some_are_taken(val, monkeypatch):
    before = find_class_thresholds('x', val).values
    monkeypatch.setattr(module, 'MOST_PAIRS', 600)
    after = find_class_thresholds('x', val).values
    assert not np.array_equal(before, after)
    np.testing.assert_allclose(logit(before[2]), logit(after[2]), atol=1)


def test_nothing_known_tells_nothing(val):
    with pytest.raises(ValueError, match='no threshold can be found'):
        find_class_thresholds('x', val._replace(target=val.target & False))
