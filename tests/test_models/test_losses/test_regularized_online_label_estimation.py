import math

import pytest
import torch

from mmwsml.models.losses import RegularizedOnlineLabelEstimation
from mmwsml.structures import GlobalBatch, Step


@pytest.fixture
def double_batch(random_batch):
    """Draw logits and estimates, in double, then target and observed."""

    def draw(seed, *shape):
        logits, target, observed = random_batch(seed, *shape)
        estimate = random_batch(seed + 100, *shape)[0]
        leaves = (t.detach().double() for t in (logits, estimate))
        leaves = (leaf.requires_grad_() for leaf in leaves)
        return (*leaves, target.double(), observed)

    return draw


def role_of(logits, estimate, target, observed, kappa=0.7, **options):
    loss = RegularizedOnlineLabelEstimation(kappa, **options)
    return loss(logits, target, observed, Step(estimate=estimate)).value


def half_with_loops(own, other, target, observed, kappa, weight):
    """Write half of one side, and its gradient, as the formula says."""
    p, q = own.sigmoid().tolist(), other.sigmoid().tolist()
    size, num_classes = own.numel(), own.shape[1]
    total, grad = 0, torch.zeros_like(own)
    surplus = sum(map(sum, p)) / len(p) - kappa
    for n, i in torch.cartesian_prod(*map(torch.arange, own.shape)).tolist():
        a, b, y = p[n][i], q[n][i], target[n, i].item()
        if observed[n, i]:
            total -= weight[i] * math.log(a if y else 1 - a) / size
            grad[n, i] += weight[i] * (a - y) / size
        soft = -b * math.log(a) - (1 - b) * math.log(1 - a)
        total += weight[i] * soft / size
        grad[n, i] += weight[i] * (a - b) / size
        slope = 2 * surplus / num_classes**2 / len(p)
        grad[n, i] += slope * a * (1 - a)
    return (total + surplus**2 / num_classes**2) / 2, grad / 2


@pytest.mark.parametrize('seed', range(4))
def test_value_and_gradients_equal_the_formula_written_as_loops(
    seed, double_batch
):
    logits, estimate, *labels = double_batch(seed, 4, 5)
    weight = [1, 0.5, 2, 0, 4]
    value = role_of(logits, estimate, *labels, class_weight=weight)
    grads = torch.autograd.grad(value, (logits, estimate))
    sides = [
        half_with_loops(*pair, *labels, 0.7, weight)
        for pair in ((logits, estimate), (estimate, logits))
    ]
    assert value.item() == pytest.approx(sides[0][0] + sides[1][0], rel=1e-9)
    for grad, (_, expected) in zip(grads, sides):
        torch.testing.assert_close(grad, expected)


def test_network_and_estimates_are_treated_alike(double_batch):
    logits, estimate, *labels = double_batch(0)
    first, second = (
        role_of(*pair, *labels)
        for pair in ((logits, estimate), (estimate, logits))
    )
    torch.testing.assert_close(first, second)


def test_estimates_that_agree_with_the_network_add_no_pull(double_batch):
    logits, _, target, _ = double_batch(0)
    unseen = torch.zeros_like(target).bool()
    kappa = logits.sigmoid().sum(1).mean().item()
    value = role_of(
        logits, logits.detach().clone(), target * 0, unseen, kappa=kappa
    )
    (grad,) = torch.autograd.grad(value, logits)
    assert grad.abs().max() < 1e-12


@pytest.mark.parametrize('estimate', [1e4, -1e4])
@pytest.mark.parametrize('extreme', [1e4, -1e4])
@pytest.mark.parametrize('label', [(0, 0), (0, 1), (1, 1)])
@pytest.mark.parametrize('shape', [(1, 1), (3, 4)])
def test_extreme_logits_have_finite_gradients(shape, label, extreme, estimate):
    logits, estimates = (
        torch.full(shape, value, requires_grad=True)
        for value in (extreme, estimate)
    )
    target = torch.full(shape, float(label[0]))
    observed = torch.full(shape, bool(label[1]))
    value = role_of(logits, estimates, target, observed)
    value.backward()
    assert value.isfinite()
    for leaf in (logits, estimates):
        assert leaf.grad.isfinite().all()
    if extreme != estimate:  # an epsilon in a log would lose it
        assert (logits.grad != 0).all() and (estimates.grad != 0).all()


@pytest.mark.parametrize('num_ranks', [2, 3])
def test_ranks_together_have_the_gradients_of_one_process(
    num_ranks, double_batch, on_ranks
):
    batch = double_batch(0)
    whole = role_of(*batch)
    expected = torch.autograd.grad(whole, batch[:2])
    sizes = [1, 5] if num_ranks == 2 else [1, 3, 2]
    parts = list(zip(*(t.detach().split(sizes) for t in batch)))

    def step(rank):
        logits, estimate = (t.clone() for t in parts[rank][:2])
        leaves = logits.requires_grad_(), estimate.requires_grad_()
        loss = RegularizedOnlineLabelEstimation(kappa=0.7)
        ids = [str(n) for n in range(sizes[rank])]
        told = Step(GlobalBatch(ids, sizes, rank), estimate=estimate)
        value = loss(logits, *parts[rank][2:], told).value
        return value.detach(), *torch.autograd.grad(value, leaves)

    values, *grads = zip(*on_ranks(num_ranks, step))
    torch.testing.assert_close(sum(values) / num_ranks, whole.detach())
    for parts_of_grad, grad in zip(grads, expected):
        joined = torch.cat(parts_of_grad) / num_ranks
        torch.testing.assert_close(joined, grad)


def test_smoothing_acts_on_observed_labels(double_batch):
    logits, estimate, target, _ = double_batch(0, 2, 8)
    ones, seen = torch.ones_like(target), torch.ones_like(target).bool()
    blend = role_of(logits, estimate, ones, seen, label_smoothing=0.25)
    parts = (role_of(logits, estimate, y, seen) for y in (ones, 0 * ones))
    expected = 0.75 * next(parts) + 0.25 * next(parts)
    torch.testing.assert_close(blend, expected)


def test_refuses_to_learn_without_estimates(random_batch):
    with pytest.raises(RuntimeError, match=r'set `model\.head\.label_store='):
        RegularizedOnlineLabelEstimation(kappa=1)(*random_batch(0))
