import numpy as np
import pytest
import torch

from mmwsml.engine.chosen_head import choose_head
from mmwsml.engine.linear_discriminant import FeatureSums
from mmwsml.engine.multinomial_discriminant import ChoiceSums
from mmwsml.engine.validation_images import ValidationImages

SHRINKAGE, COMPETITION = [0.1, 1, 10], [0, 1]


@pytest.fixture
def sums():
    """Sums over 300 images of three classes, one positive observed."""
    rng = torch.Generator().manual_seed(0)
    target = torch.eye(3)[torch.randint(3, (300,), generator=rng)]
    away = torch.rand(3, 5, generator=rng)
    features = target @ away + torch.rand(300, 5, generator=rng)
    alone, choice = FeatureSums(5, 3, 'cpu'), ChoiceSums(5, 3, 'cpu')
    alone.add(features, target)
    choice.add(features.double().sqrt(), target)
    return alone, choice.solve(), features


@pytest.fixture
def choose(sums):
    """Choose by validation images of these features and a labeller."""
    alone, choice, features = sums

    def choose(label):
        target = label(features, alone, choice)
        keys = np.arange(len(target))
        images = ValidationImages(features, target, np.ones_like(target), keys)
        return choose_head(images, alone, choice, 0.5, SHRINKAGE, COMPETITION)

    return choose


def best(scores):
    """Say that the 40 images of the highest scores have a class."""
    return scores.argsort(0).argsort(0).numpy() >= 260


def test_classes_compete_where_that_ranks_better(choose, sums):
    def label(features, alone, choice):
        layer = choice.layer(1)
        z = features.double().sqrt() @ layer.weight.T + layer.bias
        return best(z.log_softmax(1))

    head = choose(label)
    assert head.power == 0.5 and head.competition.tolist() == [1, 1, 1]
    weight = sums[1].layer(head.shrinkage).weight
    assert torch.equal(head.layer.weight, weight)


def test_classes_stand_alone_where_that_ranks_better(choose, sums):
    def label(features, alone, choice):
        layer = alone.solve(0.1)
        return best(features.double() @ layer.weight.T + layer.bias)

    head = choose(label)
    assert (head.power, head.shrinkage) == (1, 0.1)
    assert not head.competition.any()
    assert torch.equal(head.layer.weight, sums[0].solve(0.1).weight)


def test_without_images_the_default_is_taken(sums):
    alone, choice, _ = sums
    head = choose_head(None, alone, choice, 0.5, SHRINKAGE, COMPETITION)
    expected = alone.solve().shrinkage
    assert (head.power, head.shrinkage) == (0.5, expected)
    assert head.competition.tolist() == [0.25] * 3
    assert torch.equal(head.layer.weight, choice.layer(expected).weight)
