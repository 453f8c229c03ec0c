from fractions import Fraction

import pytest
import torch

from mmwsml.models.losses import AssumeNegative, LargeLossCorrection
from mmwsml.models.selections import TopKSelection
from mmwsml.registry import MODELS
from mmwsml.structures import Step


def step(batch, rate, percent_of='unobserved'):
    """Return loss, gradient and modified entries of one step."""
    loss = LargeLossCorrection(TopKSelection(percent_of))
    value, modified = loss(*batch, Step(rate=rate))
    (grad,) = torch.autograd.grad(value, batch[0])
    return value, grad, modified


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
@pytest.mark.parametrize('rate', [0, Fraction(1, 50), Fraction(1, 3), 1])
def test_equals_correction_written_as_loops(
    rate, percent_of, random_batch, select_with_loops, loss_with_loops
):
    for seed in range(10):
        batch = logits, target, observed = random_batch(seed)
        loss, grad, _ = step(batch, rate, percent_of)
        entries = select_with_loops(logits, observed, rate, percent_of)
        value, expected = loss_with_loops(logits, target, corrected=entries)
        assert loss.item() == pytest.approx(value, abs=1e-6)
        torch.testing.assert_close(
            grad.double(), expected, rtol=1e-6, atol=1e-8
        )


def test_rate_zero_is_assume_negative(random_batch):
    batch = random_batch(0)
    loss, _, modified = step(batch, 0)
    assert not modified.any()
    torch.testing.assert_close(loss, AssumeNegative()(*batch).value)


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
def test_observed_labels_are_never_corrected(percent_of, random_batch):
    logits, _, _ = random_batch(0)
    everything = torch.ones_like(logits).bool()
    target = torch.zeros_like(logits)
    loss, _, modified = step((logits, target, everything), 1, percent_of)
    assert not modified.any()
    known = AssumeNegative()(logits, target, everything).value
    torch.testing.assert_close(loss, known)


def test_a_batch_corrected_whole_trains_on_positives(random_batch):
    logits, _, _ = random_batch(0)
    nothing = torch.zeros_like(logits).detach()
    loss, _, modified = step((logits, nothing, nothing.bool()), 1)
    assert modified.all()
    expected = torch.nn.functional.softplus(-logits).mean()
    torch.testing.assert_close(loss, expected)


def test_equal_logits_correct_one_entry_not_all():
    logits = torch.zeros(16, 20, requires_grad=True)
    target = torch.zeros(16, 20)
    target[:, 0] = 1
    batch = logits, target, target.bool()
    _, grad, _ = step(batch, Fraction(1, 320), 'all')
    corrected = (grad < 0) & (target == 0)
    assert corrected.nonzero().tolist() == [[0, 1]]


def test_fewer_unobserved_entries_than_k_leave_negatives_negative():
    logits = torch.zeros(2, 3, requires_grad=True)
    observed = torch.tensor([[True, True, False], [True, True, True]])
    batch = logits, torch.zeros(2, 3), observed
    _, grad, modified = step(batch, Fraction(1, 2), 'all')
    assert torch.equal(modified, ~observed)
    assert torch.equal(grad < 0, ~observed)


def test_the_target_is_left_as_it_is(random_batch):
    logits, target, observed = random_batch(0)
    copy = target.clone()
    step((logits, target, observed), 1)
    assert torch.equal(target, copy)


@pytest.mark.parametrize('rate', [0, Fraction(1, 4), 1])
def test_extreme_logits_stay_finite(rate):
    logits = torch.tensor([[1e4, -1e4], [-1e4, 1e4]], requires_grad=True)
    target = torch.tensor([[0.0, 1], [0, 0]])
    loss, grad, _ = step((logits, target, target.bool()), rate)
    num_wrong = {0: 3, Fraction(1, 4): 2, 1: 2}[rate]
    assert loss.item() == num_wrong * 1e4 / 4
    assert grad.abs().sum().item() == num_wrong / 4


def test_the_registry_builds_it():
    config = dict(
        type='mmwsml.LargeLossCorrection',
        selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
    )
    loss = MODELS.build(config)
    assert isinstance(loss, LargeLossCorrection)
    assert loss.selection.percent_of == 'all'
