"""What LL-R and LL-Ct take beyond the paper: a weight, another ranking."""

import math
from fractions import Fraction
from itertools import product

import pytest
import torch

from mmwsml.models.losses import LargeLossCorrection, LargeLossRejection
from mmwsml.models.selections import ClassWiseSelection
from mmwsml.structures import Step

METHODS = [LargeLossRejection, LargeLossCorrection]


def weighted_with_loops(logits, target, observed, modified, method, weight):
    """Average over all labels the loss of each times what it weighs."""
    total = 0.0
    for n, k in product(*map(range, logits.shape)):
        f = 1 / (1 + math.exp(-logits[n, k].item()))
        y, factor = target[n, k].item(), 1.0
        if modified[n, k] and method is LargeLossRejection:
            continue
        if modified[n, k]:
            y = 1.0
        elif not observed[n, k]:
            factor = weight
        total -= factor * (y * math.log(f) + (1 - y) * math.log1p(-f))
    return total / logits.numel()


@pytest.mark.parametrize('weight', [1, 0.2, 1 / 79])
@pytest.mark.parametrize('method', METHODS)
def test_unobserved_negatives_weigh_as_written_in_loops(
    method, weight, random_batch
):
    for seed in range(10):
        batch = random_batch(seed)
        loss = method(unobserved_weight=weight)
        value, modified = loss(*batch, Step(rate=Fraction(1, 3)))
        assert modified.any()
        expected = weighted_with_loops(*batch, modified, method, weight)
        assert value.item() == pytest.approx(expected, abs=1e-6)


def test_where_all_weigh_1_there_is_no_weight():
    positive = torch.tensor([[True, False]])
    assert LargeLossRejection().weigh_unobserved(positive) is None
    loss = LargeLossRejection(unobserved_weight=0.5)
    assert loss.weigh_unobserved(positive).tolist() == [[1, 0.5]]


@pytest.mark.parametrize('method', METHODS)
def test_the_weight_goes_with_class_weights(method, random_batch):
    logits, target, observed = random_batch(0)
    weights = [0.0, 1.0, 2.0, 0.5, 3.0]
    loss = method(unobserved_weight=0.3, class_weight=weights)
    step, expected = Step(rate=Fraction(1, 4)), 0.0
    value, modified = loss(logits, target, observed, step)
    for k, factor in enumerate(weights):
        column = slice(k, k + 1)
        parts = logits, target, observed, modified
        own = [part[:, column] for part in parts]
        expected += factor * weighted_with_loops(*own, method, 0.3) / 5
    assert value.item() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize('method', METHODS)
def test_the_gradient_is_that_of_the_weighted_loss(method, random_batch):
    logits, target, observed = random_batch(0)
    loss = method(unobserved_weight=0.2, label_smoothing=0.1)
    logits = logits.detach().double().requires_grad_()
    labels = target, observed, Step(rate=Fraction(1, 3))
    torch.autograd.gradcheck(lambda z: loss(z, *labels).value, logits)


@pytest.mark.parametrize('weight', [0, -0.1, 1.1, math.nan])
def test_a_weight_out_of_range_is_refused(weight):
    message = r'`unobserved_weight` must be in \(0, 1\], but got'
    with pytest.raises(ValueError, match=message):
        LargeLossRejection(unobserved_weight=weight)


@pytest.mark.parametrize('method', METHODS)
def test_the_ranking_takes_the_place_of_the_logits(method, random_batch):
    logits, target, observed = random_batch(0)
    loss, rate = method(), Fraction(1, 4)
    step = Step(rate=rate, ranking=-logits.detach().double())
    ranked = loss(logits, target, observed, step).modified
    other = loss(-logits, target, observed, Step(rate=rate)).modified
    assert torch.equal(ranked, other)
    plain = loss(logits, target, observed, Step(rate=rate)).modified
    assert not torch.equal(ranked, plain)


@pytest.mark.parametrize('method', METHODS)
def test_thresholds_follow_the_ranking(method, random_batch):
    logits, target, observed = random_batch(0)
    loss = method(ClassWiseSelection())
    loss.prepare(5)
    shares = torch.full((5,), 0.2, dtype=torch.float64)
    step = Step(shares=shares, ranking=logits.detach() + 40)
    loss(logits, target, observed, step)
    assert (loss.selection.mean > 20).all()


def test_a_ranking_of_other_classes_is_refused(random_batch):
    loss = LargeLossRejection()
    step = Step(rate=Fraction(1, 4), ranking=torch.zeros(6, 4))
    message = r'`ranking` must have the shape \(6, 5\) .* has \(6, 4\): rank'
    with pytest.raises(ValueError, match=message):
        loss(*random_batch(0), step)


@pytest.mark.parametrize('method', METHODS)
def test_the_head_learns_at_once_of_weights_that_do_not_fit(method):
    with pytest.raises(ValueError, match='one number for each of 3 classes'):
        method(class_weight=[1, 2]).prepare(3)
