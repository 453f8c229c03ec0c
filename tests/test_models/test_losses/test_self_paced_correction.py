import pytest
import torch

from mmwsml.models.losses import GeneralizedRobust, SelfPacedCorrection
from mmwsml.structures import Step


@pytest.mark.parametrize('epoch, corrected', [(1, False), (2, True)])
def test_corrects_from_the_second_epoch_on(epoch, corrected):
    loss = SelfPacedCorrection()
    logits = torch.tensor([[1.0, 0.0, 1.0]])
    seen = torch.tensor([[False, False, True]])
    step = Step(progress=(epoch, 8))
    modified = loss(logits, torch.zeros(1, 3), seen, step).modified
    assert modified.tolist() == [[corrected, False, False]]


def test_can_correct_from_the_first_epoch_on():
    loss = SelfPacedCorrection(begin=1)
    unseen, step = torch.zeros(1, 1), Step(progress=(1, 8))
    modified = loss(torch.ones(1, 1), unseen, unseen.bool(), step).modified
    assert modified.tolist() == [[True]]


@pytest.mark.parametrize('begin', [0, -1, 1.0, True, None])
def test_refuses_what_is_no_epoch(begin):
    message = f'`begin` must be an integer of at least 1, but got {begin!r}'
    with pytest.raises(ValueError, match=message):
        SelfPacedCorrection(begin=begin)


def test_a_score_at_the_threshold_is_not_above_it():
    loss = SelfPacedCorrection(threshold=0.5)
    unseen, logits = torch.zeros(1, 2), torch.tensor([[0.0, 1e-3]])
    step = Step(progress=(2, 8))
    modified = loss(logits, unseen, unseen.bool(), step).modified
    assert modified.tolist() == [[False, True]]


@pytest.mark.parametrize('loss', [SelfPacedCorrection, GeneralizedRobust])
def test_names_the_hook_that_sets_the_epoch(loss, random_batch):
    with pytest.raises(RuntimeError, match=r"no `progress`: .*ProgressHook'"):
        loss()(*random_batch(0))
