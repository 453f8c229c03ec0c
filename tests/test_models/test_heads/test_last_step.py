import math

import pytest
import torch

from mmwsml.models.heads.last_step import LastStep
from mmwsml.models.losses import LossResult
from mmwsml.structures import GlobalBatch

BAD = [math.nan, math.inf, -math.inf]


class Late(torch.Tensor):
    """A number that says, like one on a GPU, that looking would wait."""

    __torch_function__ = torch._C._disabled_torch_function_impl
    is_cuda = True


def late(number):
    return torch.tensor(number).as_subclass(Late)


def logits_of(*rows):
    return torch.tensor(rows, requires_grad=True)


def test_finite_numbers_pass():
    batch, logits = GlobalBatch(['a']), logits_of([3e38, -3e38])
    LastStep(batch, logits, LossResult(logits.sum())).check()


@pytest.mark.parametrize('bad', BAD)
def test_on_a_cpu_the_images_are_named_at_once(bad):
    logits = logits_of([0.0, 1.0], [bad, 0.0], [0.0, bad], [1.0, 1.0])
    message = r'^2 of 4 images have logits that are not finite, the first b: '
    with pytest.raises(ValueError, match=message):
        LastStep(GlobalBatch('abcd'), logits, LossResult(logits.sum()))


@pytest.mark.parametrize('bad', BAD)
def test_on_a_gpu_the_images_are_named_when_asked(bad):
    logits = logits_of([0.0, 1.0], [bad, 0.0])
    step = LastStep(GlobalBatch('ab'), logits, LossResult(late(bad)))
    for _ in range(2):
        with pytest.raises(ValueError, match=r'1 of 2 .* the first b: '):
            step.check()


@pytest.mark.parametrize('bad', BAD)
def test_a_loss_that_stays_finite_hides_no_image(bad):
    logits = logits_of([0.0, 1.0], [bad, 0.0])
    with pytest.raises(ValueError, match=r'1 of 2 .* the first b: '):
        LastStep(GlobalBatch('ab'), logits, LossResult(torch.tensor(0.5)))


@pytest.mark.parametrize('bad', BAD)
def test_a_loss_that_overflows_is_not_blamed_on_an_image(bad):
    message = '^The loss is too large for float32: lower the learning rate.$'
    with pytest.raises(ValueError, match=message):
        LastStep(
            GlobalBatch('a'), logits_of([0.0]), LossResult(torch.tensor(bad))
        )


def test_the_step_keeps_no_graph():
    logits = logits_of([0.0])
    step = LastStep(GlobalBatch('a'), logits, LossResult(logits.sum()))
    assert not step.logits.requires_grad
