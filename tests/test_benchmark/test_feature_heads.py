import pytest
import torch

from mmwsml.benchmark.feature_heads import (
    Split,
    compete_for,
    discriminate,
    mean_ap,
    observe,
    read_validation,
    train_linear,
)
from mmwsml.datasets.transforms import KeepOnePositive


@pytest.fixture
def draw():
    """Draw images whose classes lie in different directions."""
    away = torch.randn(3, 8, generator=torch.Generator().manual_seed(0))

    def draw(num_images, seed):
        rng = torch.Generator().manual_seed(seed)
        target = (torch.rand(num_images, 3, generator=rng) < 0.4).float()
        noise = torch.randn(num_images, 8, generator=rng)
        features = (5 + target @ away + noise).clamp(min=0).double()
        ids = [f'{seed}/{number}' for number in range(num_images)]
        return Split(features, target, ids)

    return draw


def test_one_positive_of_each_image_is_observed(draw):
    split = draw(50, 0)
    seen = observe(split, KeepOnePositive(seed=3))
    assert (seen <= split.target).all()
    assert torch.equal(seen.sum(1), split.target.any(1).float())
    assert not torch.equal(seen, observe(split, KeepOnePositive(seed=4)))


def test_every_head_ranks_better_than_chance(draw):
    train, val, test = draw(300, 0), draw(100, 1), draw(300, 2)
    seen = observe(train, KeepOnePositive())
    chance = mean_ap(torch.rand(300, 3).numpy(), test)
    every = torch.ones_like(seen)
    scores = {
        'lda': discriminate(train.features, seen, test),
        'an': train_linear(train, seen, every, val, test),
        **compete_for(train, seen, read_validation(val), test),
    }
    assert len(scores) == 4
    for part in scores.values():
        assert part.shape == (300, 3)
        assert mean_ap(part, test) > chance + 10


def test_entries_that_do_not_count_do_not_train(draw):
    train, val, test = draw(100, 0), draw(50, 1), draw(50, 2)
    counted = torch.ones_like(train.target)
    counted[:, 0] = 0
    one = train_linear(train, train.target, counted, val, test)
    train.target[:, 0] = 1 - train.target[:, 0]
    other = train_linear(train, train.target, counted, val, test)
    assert (one == other).all()
