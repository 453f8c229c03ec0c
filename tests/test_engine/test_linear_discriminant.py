import numpy as np
import pytest
import torch

from mmwsml.engine.linear_discriminant import GRID, FeatureSums


def draw(num_images=40, num_features=6, num_classes=3, seed=0):
    """Draw features that tell the classes, some of them correlated."""
    rng = np.random.default_rng(seed)
    target = (rng.random((num_images, num_classes)) < 0.3).astype(float)
    features = rng.normal(1, 2, (num_images, num_features))
    features[:, 1] += 0.8 * features[:, 0]
    features[:, :num_classes] += target
    return features, target


def add_up(*batches):
    features, target = batches[0]
    sums = FeatureSums(features.shape[1], target.shape[1], 'cpu')
    for features, target in batches:
        sums.add(torch.from_numpy(features), torch.from_numpy(target))
    return sums


def discriminate(features, positive, shrinkage):
    """Write out the textbook: shrunk covariance within, class by class."""
    num_images, num_features = features.shape
    mean = features.sum(0) / num_images
    total = sum(((row - mean) ** 2).sum() for row in features) / num_images
    means = [features[positive == value].mean(0) for value in (0, 1)]
    within = shrinkage * total / num_features * np.eye(num_features)
    for row, value in zip(features, positive):
        away = row - means[int(value)]
        within += np.outer(away, away) / num_images
    weight = np.linalg.inv(within) @ (means[1] - means[0])
    odds = positive.mean() / (1 - positive.mean())
    return weight, np.log(odds) - weight @ (means[1] + means[0]) / 2


@pytest.mark.parametrize('shrinkage', [0.01, 1.0, 30.0])
def test_equals_the_discriminant_written_out(shrinkage):
    features, target = draw()
    layer = add_up((features, target)).solve(shrinkage)
    assert layer.shrinkage == shrinkage and layer.known.all()
    for k in range(3):
        weight, bias = discriminate(features, target[:, k], shrinkage)
        np.testing.assert_allclose(layer.weight[k], weight)
        np.testing.assert_allclose(layer.bias[k], bias)


def cross_validate(features, target, shrinkage):
    """Score a ridge regression by its hat matrix."""
    num_images, num_features = features.shape
    centred = features - features.mean(0)
    covariance = centred.T @ centred / num_images
    scale = np.trace(covariance) / num_features
    ridge = covariance + shrinkage * scale * np.eye(num_features)
    hat = centred @ np.linalg.inv(ridge) @ centred.T / num_images
    hat += 1 / num_images
    scores = []
    for k in range(target.shape[1]):
        rest = target[:, k] - hat @ target[:, k]
        error = (rest**2).mean() / target[:, k].var()
        scores.append(error / (1 - np.trace(hat) / num_images) ** 2)
    return np.mean(scores)


@pytest.mark.parametrize('size', [(40, 6), (12, 30)])
def test_chooses_the_shrinkage_of_the_least_error_left_out(size):
    features, target = draw(*size)
    scores = [cross_validate(features, target, s.item()) for s in GRID]
    assert 0 < np.argmin(scores) < len(GRID) - 1
    layer = add_up((features, target)).solve()
    assert layer.shrinkage == GRID[np.argmin(scores)]


def test_layers_of_several_shrinkages_are_those_of_each():
    sums = add_up(draw())
    for given, layer in zip([2.0, None], sums.solve_each([2.0, None])):
        one = sums.solve(given)
        assert layer.shrinkage == one.shrinkage
        assert torch.equal(layer.weight, one.weight)
        assert torch.equal(layer.bias, one.bias)


def test_batches_in_any_order_give_the_same():
    features, target = draw()
    whole = add_up((features, target)).solve()
    parts = [(features[n : n + 7], target[n : n + 7]) for n in range(0, 40, 7)]
    split = add_up(*reversed(parts)).solve()
    torch.testing.assert_close(split.weight, whole.weight)
    torch.testing.assert_close(split.bias, whole.bias)


def test_hidden_positives_change_length_and_bias_alone():
    """Each image is there twice; the labels of the twins are hidden."""
    features, target = draw()
    seen = (features, target)
    complete = add_up(seen, seen).solve(1.0)
    partial = add_up(seen, (features, 0 * target)).solve(1.0)
    cosine = torch.cosine_similarity(complete.weight, partial.weight)
    torch.testing.assert_close(cosine, torch.ones_like(cosine))
    assert (partial.weight.norm(dim=1) < complete.weight.norm(dim=1)).all()
    assert (partial.bias < complete.bias).all()


@pytest.mark.parametrize('value', [0, 1])
def test_a_class_without_contrast_is_not_known(value):
    features, target = draw()
    others = add_up((features, target[:, 1:])).solve()
    target[:, 0] = value
    layer = add_up((features, target)).solve()
    assert layer.known.tolist() == [False, True, True]
    assert not layer.weight[0].any() and layer.bias[0] == 0
    assert layer.shrinkage == others.shrinkage
    torch.testing.assert_close(layer.weight[1:], others.weight)


def test_float32_and_constant_features_do_no_harm():
    features, target = draw()
    features = np.hstack([features, np.full((40, 1), 3.0)])
    layer = add_up((features.astype(np.float32), target)).solve(1.0)
    assert torch.isfinite(layer.weight).all()
    assert layer.weight[:, -1].abs().max() < 1e-6


@pytest.mark.parametrize('value', [0.0, 2.0, 0.3, 1e8, np.nan, np.inf])
def test_refuses_features_that_do_not_tell_images_apart(value):
    features, target = draw(num_images=4801)
    features[:] = value
    with pytest.raises(ValueError, match='must be finite and differ, but th'):
        add_up((features, target)).solve()


def test_refuses_labels_without_a_positive():
    features, target = draw()
    with pytest.raises(ValueError, match='but none of 3 has: look at the la'):
        add_up((features, 0 * target)).solve()
