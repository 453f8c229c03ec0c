"""Random batches, and formulas of PAPER.md written as plain loops."""

import math
from itertools import product

import pytest
import torch


@pytest.fixture
def random_batch():
    return _random_batch


@pytest.fixture
def select_with_loops():
    return _select_with_loops


@pytest.fixture
def loss_with_loops():
    return _loss_with_loops


def _random_batch(seed, num_images=6, num_classes=5, decimals=None):
    """Draw logits, target and observed; few decimals make ties."""
    generator = torch.Generator().manual_seed(seed)
    shape = num_images, num_classes
    logits = 4 * torch.randn(shape, generator=generator)
    if decimals is not None:
        logits = logits.round(decimals=decimals)
    observed = torch.rand(shape, generator=generator) < 0.3
    positive = torch.rand(shape, generator=generator) < 0.5
    return logits.requires_grad_(), (observed & positive).float(), observed


def _select_with_loops(logits, observed, rate, percent_of):
    """List the k unobserved entries of the largest l = -log(1 - f)."""
    entries = list(product(*map(range, logits.shape)))
    unobserved = [entry for entry in entries if not observed[entry]]
    counted = unobserved if percent_of == 'unobserved' else entries
    k = min(math.ceil(rate * len(counted)), len(unobserved))
    losses = {
        entry: math.log1p(math.exp(logits[entry].item()))
        for entry in unobserved
    }
    return sorted(unobserved, key=losses.get, reverse=True)[:k]


def _loss_with_loops(logits, target, rejected=(), corrected=()):
    """Average over images 1 / K * sum_i lambda_i * l_i, and differentiate.

    Rejected: lambda = 0. Corrected: lambda = log f / log(1 - f).
    """
    total, grad = 0.0, torch.zeros(logits.shape, dtype=torch.float64)
    for n, i in product(*map(range, logits.shape)):
        f = 1 / (1 + math.exp(-logits[n, i].item()))
        y = target[n, i].item()
        if (n, i) in rejected:
            continue
        if (n, i) in corrected:
            weight, y = math.log(f) / math.log1p(-f), 1.0
            total += weight * -math.log1p(-f)
        else:
            total += -y * math.log(f) - (1 - y) * math.log1p(-f)
        grad[n, i] = (f - y) / logits.numel()
    return total / logits.numel(), grad
