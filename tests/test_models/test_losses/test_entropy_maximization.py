import math
from itertools import product

import pytest
import torch

from mmwsml.models import EntropyMaximization


def soft_batch(random_batch, seed, *shape):
    """Draw a batch in which some unobserved labels are soft."""
    logits, target, observed = random_batch(seed, *shape)
    generator = torch.Generator().manual_seed(seed)
    score, share = torch.rand(2, *logits.shape, generator=generator)
    is_soft = ~observed & (share < 0.5)
    target = torch.where(is_soft, score.clamp(min=1e-30), target)
    return logits.detach().double().requires_grad_(), target.double(), observed


def cost(z, t, seen, alpha, beta, smoothing):
    p = 1 / (1 + math.exp(-z))
    if seen:
        t = 1 - smoothing if t else smoothing
    elif not t:
        return alpha * (p * math.log(p) + (1 - p) * math.log(1 - p))
    entropy = -t * math.log(p) - (1 - t) * math.log(1 - p)
    return entropy if seen else beta * entropy


@pytest.mark.parametrize('smoothing', [0, 0.1])
@pytest.mark.parametrize('seed', range(5))
def test_soft_labels_cost_what_loops_say(seed, smoothing, random_batch):
    logits, target, observed = soft_batch(random_batch, seed)
    weight = [1, 0.5, 2, 0, 4]
    total = 0
    for n, i in product(*map(range, logits.shape)):
        entry = logits[n, i].item(), target[n, i].item(), observed[n, i].item()
        total += weight[i] * cost(*entry, 0.2, 0.4, smoothing)
    loss = EntropyMaximization(
        0.2, 0.4, class_weight=weight, label_smoothing=smoothing
    )
    value = loss(logits, target, observed).value.item()
    assert value == pytest.approx(total / logits.numel(), rel=1e-9)


def test_the_gradient_of_soft_labels_is_that_of_the_value(random_batch):
    logits, target, observed = soft_batch(random_batch, 0)
    loss = EntropyMaximization(0.2, 0.4)
    assert torch.autograd.gradcheck(
        lambda logits: loss(logits, target, observed).value, logits
    )


@pytest.mark.parametrize('extreme', [1e4, -1e4])
@pytest.mark.parametrize('score', [torch.finfo(torch.float32).tiny, 0.5, 1])
def test_soft_labels_of_extreme_logits_are_finite(score, extreme):
    logits = torch.full((2, 3), extreme, requires_grad=True)
    target = torch.full((2, 3), score)
    loss = EntropyMaximization(0.2, 0.4)(logits, target, target > 2).value
    loss.backward()
    assert loss.isfinite() and logits.grad.isfinite().all()


def test_beta_changes_nothing_without_soft_labels(random_batch):
    batch = random_batch(0)
    plain, soft = EntropyMaximization(0.2), EntropyMaximization(0.2, 0.4)
    assert plain(*batch).value == soft(*batch).value
    assert not plain.takes_soft and soft.takes_soft


@pytest.mark.parametrize('beta', [0, -1, 1.5, math.nan])
def test_refuses_a_beta_out_of_range(beta):
    with pytest.raises(ValueError, match=r'`beta` must be in \(0, 1\], but'):
        EntropyMaximization(0.2, beta)
