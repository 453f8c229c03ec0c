import pytest
import torch

from mmwsml.models.losses import GeneralizedRobust, SelfPacedCorrection


@pytest.mark.parametrize('epoch, corrected', [(1, False), (2, True)])
def test_corrects_from_the_second_epoch_on(epoch, corrected):
    loss = SelfPacedCorrection()
    loss.progress = epoch, 8
    logits = torch.tensor([[1.0, 0.0, 1.0]])
    seen = torch.tensor([[False, False, True]])
    loss(logits, torch.zeros(1, 3), seen)
    assert loss.modified.tolist() == [[corrected, False, False]]


@pytest.mark.parametrize('loss', [SelfPacedCorrection, GeneralizedRobust])
def test_names_the_hook_that_sets_the_epoch(loss, random_batch):
    with pytest.raises(RuntimeError, match=r"no `progress`: .*ProgressHook'"):
        loss()(*random_batch(0))
