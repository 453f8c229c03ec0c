import numpy as np
import pytest
import torch

from mmwsml.engine.multinomial_discriminant import ChoiceSums


def draw(num_images=60, num_features=6, num_classes=3, seed=0):
    """Draw features that tell the classes, some images without one."""
    rng = np.random.default_rng(seed)
    target = (rng.random((num_images, num_classes)) < 0.4).astype(float)
    features = rng.normal(1, 2, (num_images, num_features))
    features[:, 1] += 0.8 * features[:, 0]
    features[:, :num_classes] += target
    return features, target


def add_up(*batches):
    features, target = batches[0]
    sums = ChoiceSums(features.shape[1], target.shape[1], 'cpu')
    for features, target in batches:
        sums.add(torch.from_numpy(features), torch.from_numpy(target))
    return sums


def discriminate(features, target, shrinkage):
    """Write the definition out, image by image."""
    num_images, num_features = features.shape
    shares = [row / max(row.sum(), 1) for row in target]
    total = sum(shares)
    means = [
        sum(t[k] * x for t, x in zip(shares, features)) / total[k]
        for k in range(target.shape[1])
    ]
    mean = features.mean(0)
    rest = [
        x - sum(t[k] * means[k] for k in range(len(t)))
        for t, x in zip(shares, features)
    ]
    away = np.array(rest) - np.mean(rest, 0)
    within = sum(np.outer(row, row) for row in away) / num_images
    scale = np.trace(within) / num_features
    inverse = np.linalg.inv(within + shrinkage * scale * np.eye(num_features))
    weight = np.array([(m - mean) @ inverse for m in means])
    middle = [(m + mean) / 2 for m in means]
    bias = [
        np.log(total[k] / num_images) - weight[k] @ middle[k]
        for k in range(len(means))
    ]
    return weight, bias


@pytest.mark.parametrize('shrinkage', [0.01, 1, 30])
def test_equals_the_definition_written_out(shrinkage):
    features, target = draw()
    assert (target.sum(1) == 0).any() and (target.sum(1) == 3).any()
    found = add_up((features, target)).solve()
    layer = found.layer(shrinkage)
    weight, bias = discriminate(features, target, shrinkage)
    np.testing.assert_allclose(layer.weight, weight)
    np.testing.assert_allclose(layer.bias, bias)
    assert found.known.all()


def test_batches_in_any_order_give_the_same():
    features, target = draw()
    whole = add_up((features, target)).solve().layer(1)
    parts = [(features[n : n + 7], target[n : n + 7]) for n in range(0, 60, 7)]
    split = add_up(*reversed(parts)).solve().layer(1)
    torch.testing.assert_close(split.weight, whole.weight)
    torch.testing.assert_close(split.bias, whole.bias)


def test_a_class_that_was_never_chosen_does_not_compete():
    features, target = draw()
    others = add_up((features, target[:, 1:])).solve()
    target[:, 0] = 0
    found = add_up((features, target)).solve()
    layer, rest = found.layer(1), others.layer(1)
    assert found.known.tolist() == [False, True, True]
    assert not layer.weight[0].any()
    assert layer.bias[0].item() == pytest.approx(np.log(0.5 / 60))
    torch.testing.assert_close(layer.weight[1:], rest.weight)


@pytest.mark.parametrize('value', [0.0, 2.0, np.nan, np.inf])
def test_refuses_features_that_do_not_tell_images_apart(value):
    features, target = draw()
    features[:] = value
    with pytest.raises(ValueError, match='must be finite and differ, but th'):
        add_up((features, target)).solve()


def test_refuses_labels_without_a_positive():
    features, target = draw()
    with pytest.raises(ValueError, match='but none of 3 has: look at the la'):
        add_up((features, 0 * target)).solve()
