from fractions import Fraction

import pytest
import torch

from mmwsml.engine import LargeLossScheduleHook
from mmwsml.models.losses import (
    LargeLoss,
    LargeLossCorrection,
    LargeLossRejection,
)

METHODS = [LargeLossRejection, LargeLossCorrection]


def num_modified(loss, shape, rate, num_observed=1):
    """Run a step on images with their first labels observed positives."""
    generator = torch.Generator().manual_seed(0)
    observed = torch.zeros(shape, dtype=torch.bool)
    observed[:, :num_observed] = True
    loss.rate = rate
    loss(torch.randn(shape, generator=generator), observed.float(), observed)
    return int(loss.modified.sum())


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
    hook, loss = LargeLossScheduleHook(delta_rel), method('all')
    found = [
        num_modified(loss, (16, num_classes), hook.rate(t))
        for t in range(1, 11)
    ]
    assert found == counts


@pytest.mark.parametrize('percent_of', ['all', 'unobserved'])
def test_a_count_that_floats_overshoot_is_exact(percent_of):
    rate = LargeLossScheduleHook(0.1).rate(4)
    loss = LargeLossRejection(percent_of)
    assert num_modified(loss, (16, 5000), rate, num_observed=0) == 240


def test_an_exact_integer_has_no_extra_entry():
    rate = LargeLossScheduleHook(0.5).rate(6)
    assert num_modified(LargeLossRejection('all'), (16, 20), rate) == 8


def test_a_constant_schedule_has_one_count_from_the_second_epoch():
    hook = LargeLossScheduleHook(0.1, schedule='constant')
    loss = LargeLossCorrection('all')
    counts = [num_modified(loss, (16, 20), hook.rate(t)) for t in range(1, 6)]
    assert counts == [0, 1, 1, 1, 1]


def test_a_rate_of_many_digits_has_the_right_count():
    rate = LargeLossScheduleHook(1 / 3).rate(2)
    loss = LargeLossRejection('unobserved')
    assert num_modified(loss, (16, 312), rate, num_observed=0) == 17


def test_modified_is_the_selection_of_the_last_step(random_batch):
    logits, _, observed = random_batch(0)
    loss = LargeLoss()
    for loss.rate in (Fraction(1, 2), Fraction(1, 10)):
        assert loss.select(logits, observed) is loss.modified
    assert loss.modified.sum() == -(-(~observed).sum() // 10)


def test_among_ties_the_sample_keys_decide(random_batch):
    _, target, observed = random_batch(0, 4, 3)
    loss, flipped = LargeLossRejection('all'), LargeLossRejection('all')
    loss.rate = flipped.rate = Fraction(1, 4)
    loss.sample_keys = torch.tensor([7, -3, 9, 0])
    flipped.sample_keys = loss.sample_keys.flip(0)
    loss(torch.zeros(4, 3), target, observed)
    flipped(torch.zeros(4, 3), target.flip(0), observed.flip(0))
    assert torch.equal(flipped.modified, loss.modified.flip(0))


def test_no_gradient_flows_through_the_selection(random_batch):
    logits, _, observed = random_batch(0)
    loss = LargeLoss()
    loss.rate = Fraction(1, 2)
    assert not loss.select(logits, observed).requires_grad


def test_the_rate_is_kept_as_an_exact_fraction():
    loss = LargeLoss()
    assert loss.rate is None
    loss.rate = Fraction(3, 1000)
    assert loss.rate == Fraction(3, 1000)


@pytest.mark.parametrize('rate', [0, 1])
def test_the_bounds_of_the_rate_are_allowed(rate):
    loss = LargeLoss()
    loss.rate = rate
    assert loss.rate == rate


@pytest.mark.parametrize('rate', [Fraction(-1, 1000), Fraction(1001, 1000)])
def test_a_rate_out_of_bounds_is_refused(rate):
    with pytest.raises(ValueError, match=r'`rate` must be in \[0, 1\], but'):
        LargeLoss().rate = rate


@pytest.mark.parametrize('method', METHODS)
def test_training_without_a_rate_names_the_hook(method, random_batch):
    with pytest.raises(RuntimeError, match=r'no `rate`.*LargeLossSchedule'):
        method()(*random_batch(0))


@pytest.mark.parametrize('method', METHODS)
def test_evaluation_without_a_rate_modifies_nothing(method, random_batch):
    loss = method().eval()
    loss(*random_batch(0))
    assert not loss.modified.any()


@pytest.mark.parametrize('percent_of', ['observed', '', None])
def test_an_unknown_percent_of_is_refused(percent_of):
    with pytest.raises(ValueError, match='`percent_of` must be one of'):
        LargeLoss(percent_of)
