from fractions import Fraction

import pytest
import torch

from mmwsml.engine import LargeLossScheduleHook
from mmwsml.models.losses import (
    LargeLoss,
    LargeLossCorrection,
    LargeLossRejection,
)
from mmwsml.models.selections import TopKSelection
from mmwsml.structures import GlobalBatch, Step

METHODS = [LargeLossRejection, LargeLossCorrection]


def num_modified(loss, shape, rate, num_observed=1):
    """Run a step on images with their first labels observed positives."""
    generator = torch.Generator().manual_seed(0)
    observed = torch.zeros(shape, dtype=torch.bool)
    observed[:, :num_observed] = True
    logits, step = torch.randn(shape, generator=generator), Step(rate=rate)
    return int(loss(logits, observed.float(), observed, step).modified.sum())


@pytest.mark.parametrize('method', METHODS)
@pytest.mark.parametrize(
    ('delta_rel', 'num_classes', 'counts'),
    [
        (0.2, 20, [0, 1, 2, 2, 3, 4, 4, 5, 6, 6]),
        (0.4, 80, [0, 6, 11, 16, 21, 26, 31, 36, 41, 47]),
        (0.4, 312, list(range(0, 181, 20))),
    ],
    ids=['voc', 'coco', 'cub'],
)
def test_counts_are_those_of_the_paper(delta_rel, num_classes, counts, method):
    hook, loss = LargeLossScheduleHook(delta_rel), method(TopKSelection('all'))
    found = [
        num_modified(loss, (16, num_classes), hook.rate(t))
        for t in range(1, 11)
    ]
    assert found == counts


@pytest.mark.parametrize('percent_of', ['all', 'unobserved'])
def test_a_count_that_floats_overshoot_is_exact(percent_of):
    rate = LargeLossScheduleHook(0.1).rate(4)
    loss = LargeLossRejection(TopKSelection(percent_of))
    assert num_modified(loss, (16, 5000), rate, num_observed=0) == 240


def test_an_exact_integer_has_no_extra_entry():
    rate = LargeLossScheduleHook(0.5).rate(6)
    assert (
        num_modified(LargeLossRejection(TopKSelection('all')), (16, 20), rate)
        == 8
    )


def test_a_constant_schedule_has_one_count_from_the_second_epoch():
    hook = LargeLossScheduleHook(0.1, schedule='constant')
    loss = LargeLossCorrection(TopKSelection('all'))
    counts = [num_modified(loss, (16, 20), hook.rate(t)) for t in range(1, 6)]
    assert counts == [0, 1, 1, 1, 1]


def test_a_rate_of_many_digits_has_the_right_count():
    rate = LargeLossScheduleHook(1 / 3).rate(2)
    loss = LargeLossRejection()
    assert num_modified(loss, (16, 312), rate, num_observed=0) == 17


@pytest.mark.parametrize('method', METHODS)
def test_modified_is_the_selection_of_the_step(method, random_batch):
    logits, target, observed = random_batch(0)
    loss, step = method(), Step(rate=Fraction(1, 10))
    modified = loss(logits, target, observed, step).modified
    assert modified.equal(loss.select(logits, observed, step))
    assert modified.sum() == -(-(~observed).sum() // 10)


def test_among_ties_the_images_decide(random_batch):
    _, target, observed = random_batch(0, 4, 3)
    loss = LargeLossRejection(TopKSelection('all'))
    step, flipped = (
        Step(GlobalBatch(list(ids)), rate=Fraction(1, 4))
        for ids in ('abcd', 'dcba')
    )
    logits, labels = torch.zeros(4, 3), (target, observed)
    modified = loss(logits, *labels, step).modified
    turned = loss(logits, *(t.flip(0) for t in labels), flipped).modified
    assert torch.equal(turned, modified.flip(0))


def step(method, rate, batch, ids, sizes=None, rank=0, **kwargs):
    """Return loss, gradient and modified entries of the images of a rank."""
    sizes = [len(ids)] if sizes is None else sizes
    own = slice(sum(sizes[:rank]), sum(sizes[: rank + 1]))
    logits, target, observed = (tensor.detach()[own] for tensor in batch)
    loss = method(**kwargs)
    told = Step(GlobalBatch(ids[own], sizes, rank), rate=rate)
    logits.requires_grad_()
    value, modified = loss(logits, target, observed, told)
    (grad,) = torch.autograd.grad(value, logits)
    return value.item(), grad, modified


@pytest.mark.parametrize('sizes', [[6], [3, 3], [5, 1], [1, 2, 1, 2]])
@pytest.mark.parametrize('method', METHODS)
def test_the_mean_of_all_ranks_is_that_of_one_process(
    method, sizes, random_batch, on_ranks
):
    ids = [f'voc/{n}' for n in range(6)]
    for seed in range(10):
        args = method, Fraction(1, 5), random_batch(seed, decimals=0), ids
        values, grads, modified = zip(
            *on_ranks(len(sizes), lambda r, a=args: step(*a, sizes, r))
        )
        value, grad, expected = step(*args)
        assert sum(values) / len(sizes) == pytest.approx(value, rel=1e-5)
        torch.testing.assert_close(torch.cat(grads) / len(sizes), grad)
        assert torch.equal(torch.cat(modified), expected)


@pytest.mark.parametrize('method', METHODS)
def test_scope_rank_looks_at_the_images_of_each_rank_alone(
    method, random_batch
):
    ids, sizes = [f'voc/{n}' for n in range(6)], [4, 2]
    args = method, Fraction(1, 5), random_batch(0), ids, sizes
    parts = [
        step(*args, rank, selection=TopKSelection(scope='rank'))
        for rank in range(2)
    ]
    for rank, own in enumerate([slice(0, 4), slice(4, 6)]):
        batch = [tensor[own] for tensor in args[2]]
        value, _, modified = step(*args[:2], batch, ids[own])
        assert torch.equal(parts[rank][2], modified)
        share = [4 / 3, 2 / 3][rank]
        assert parts[rank][0] == pytest.approx(share * value, rel=1e-6)


@pytest.mark.parametrize('method', METHODS)
def test_the_gradient_is_that_of_the_loss(method, random_batch):
    logits, target, observed = random_batch(0)
    loss = method()
    told = Step(GlobalBatch('abcdef', [6, 2], 0), rate=Fraction(1, 3))
    loss.selection.scope = 'rank'
    logits, labels = logits.detach().double(), (target, observed, told)
    logits.requires_grad_()
    torch.autograd.gradcheck(lambda z: loss(z, *labels).value, logits)


def test_no_gradient_flows_through_the_selection(random_batch):
    logits, _, observed = random_batch(0)
    step = Step(rate=Fraction(1, 2))
    assert not LargeLoss().select(logits, observed, step).requires_grad


@pytest.mark.parametrize('method', METHODS)
def test_training_without_a_rate_names_the_hook(method, random_batch):
    with pytest.raises(RuntimeError, match=r'no `rate`.*LargeLossSchedule'):
        method()(*random_batch(0))


@pytest.mark.parametrize('method', METHODS)
def test_evaluation_without_a_rate_modifies_nothing(method, random_batch):
    assert not method().eval()(*random_batch(0)).modified.any()
