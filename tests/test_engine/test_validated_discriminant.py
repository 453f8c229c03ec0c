import numpy as np
import pytest
import torch
from sklearn.metrics import average_precision_score, roc_auc_score

from mmwsml.engine.linear_discriminant import FeatureSums
from mmwsml.engine.multinomial_discriminant import Layer
from mmwsml.engine.validated_discriminant import (
    choose_competition,
    cross_fit,
    weigh_labels,
)
from mmwsml.engine.validation_images import ValidationImages

AWAY, COMPETITION = [0.1, 1], [0, 0.25, 1]


def draw(num_images, seed=0):
    """Draw two layers, and images that the first tells, of three classes."""
    rng = torch.Generator().manual_seed(seed)
    kind = dict(generator=rng, dtype=torch.float64)
    layers = [
        Layer(torch.randn(3, 4, **kind), torch.randn(3, **kind)) for _ in AWAY
    ]
    features = torch.randn(num_images, 4, **kind).float()
    logits = features.double() @ layers[0].weight.T + layers[0].bias
    weight = torch.tensor([0.0, 0.5, 1.0])  # how far each class competes
    logits -= weight * logits.logsumexp(1, keepdim=True)
    target = (torch.rand(num_images, 3, **kind) < logits.sigmoid()).numpy()
    keys = np.arange(num_images)
    images = ValidationImages(features, target, np.ones_like(target), keys)
    return layers, images


def measure(layers, images):
    """Write out the average precision of each candidate and class."""
    table = np.zeros((2, 3, 3))
    for s, layer in enumerate(layers):
        z = (images.features.double() @ layer.weight.T + layer.bias).numpy()
        for j, g in enumerate(COMPETITION):
            scores = z - g * np.log(np.exp(z).sum(1, keepdims=True))
            for k in range(3):
                table[s, j, k] = average_precision_score(
                    images.target[:, k], scores[:, k]
                )
    return table


def learn_labels(images, logits):
    return weigh_labels(images, logits, cross_fit(images))


def choose(layers, images):
    return choose_competition(images, layers, AWAY, COMPETITION)


def test_many_images_choose_the_best():
    layers, images = draw(4000)
    choice, table = choose(layers, images), measure(layers, images)
    assert choice.place == table.mean(2).max(1).argmax()
    best = [COMPETITION[n] for n in table[choice.place].argmax(0)]
    assert choice.competition.tolist() == best


def test_without_images_the_default_is_taken():
    choice = choose(*draw(0))
    assert choice.place == 1
    assert choice.competition.tolist() == [0.25] * 3


def test_a_class_whose_absence_is_not_observed_follows_the_others():
    layers, images = draw(4000)
    images.observed[:, 0] = images.target[:, 0]
    choice, table = choose(layers, images), measure(layers, images)
    mean = table[choice.place][:, 1:].mean(1)
    assert choice.competition[0] == COMPETITION[mean.argmax()]


def test_labels_that_scores_lack_are_learned():
    _, images = draw(2000)
    layer = learn_labels(images, np.zeros((2000, 3)))
    sums = FeatureSums(4, 3, 'cpu')
    sums.add(images.features, torch.from_numpy(images.target))
    alone = sums.solve()
    weight = (layer.weight / alone.weight).mean(1)
    # To nothing every weight adds the same order: the usual one is taken.
    torch.testing.assert_close(weight, torch.full_like(weight, 0.5))
    torch.testing.assert_close(layer.weight, 0.5 * alone.weight)
    torch.testing.assert_close(layer.bias, 0.5 * alone.bias)


def test_labels_that_scores_know_are_not_learned():
    _, images = draw(200)
    layer = learn_labels(images, 0.1 * images.target)
    assert not layer.weight.any() and not layer.bias.any()


def test_left_out_scores_of_noise_are_chance_not_less():
    # Where a fold has more of the positives than the others, their bias
    # would rank it below them.
    rng = np.random.default_rng(0)
    found = []
    for _ in range(40):
        target = rng.random((100, 1)) < 0.1
        target[:2] = [[True], [False]]
        features = torch.from_numpy(rng.normal(size=(100, 3))).float()
        images = ValidationImages(
            features, target, np.ones_like(target), np.arange(100)
        )
        scores = cross_fit(images).left_out
        found.append(roc_auc_score(target[:, 0], scores[:, 0]))
    assert np.mean(found) == pytest.approx(0.5, abs=0.05)


def test_few_labels_are_learned_with_the_usual_weight():
    _, images = draw(12)
    scores = np.random.default_rng(0).normal(size=(12, 3))
    layer = learn_labels(images, scores)
    alone = cross_fit(images).layer
    torch.testing.assert_close(layer.weight, 0.5 * alone.weight)


def test_does_not_depend_on_the_order_of_the_images():
    _, images = draw(200)
    order = np.random.default_rng(0).permutation(200)
    mixed = ValidationImages(*(part[order] for part in images))
    logits = images.features[:, :3].double().numpy()
    layer, other = (
        learn_labels(images, logits),
        learn_labels(mixed, logits[order]),
    )
    assert layer.weight.any()
    torch.testing.assert_close(layer.weight, other.weight)


def test_refuses_to_learn_partial_labels():
    _, images = draw(200)
    images.observed[3, 0] = False
    with pytest.raises(ValueError, match='but 1 of 600 are not observed: set'):
        cross_fit(images)
