import pytest
from mmengine.registry import init_default_scope
from mmpretrain.models.heads import CSRAClsHead, MultiLabelLinearClsHead
from torch import nn

from mmwsml.models.losses import LargeLossRejection
from mmwsml.registry import MODELS

LOSS = dict(type='mmwsml.LargeLossRejection')
LINEAR = dict(type='mmpretrain.MultiLabelLinearClsHead', in_channels=2)
CSRA = dict(type='mmpretrain.CSRAClsHead', in_channels=2, num_heads=1, lam=0.1)


@pytest.mark.parametrize('head', [LINEAR, CSRA])
def test_a_head_of_mmpretrain_is_refused_when_it_is_built(head):
    init_default_scope('mmpretrain')
    kind = head['type'].partition('.')[2]
    message = f'{kind} does not tell: .*PartialLabelCSRAHead, or .*{kind}'
    with pytest.raises(TypeError, match=message):
        MODELS.build(dict(head, num_classes=3, loss=LOSS))


def test_a_loss_that_was_built_before_is_refused_too():
    with pytest.raises(TypeError, match='LargeLossRejection needs to know'):
        MultiLabelLinearClsHead(3, 2, loss=LargeLossRejection())


def test_their_heads_keep_their_losses():
    for loss in (dict(type='AsymmetricLoss'), nn.BCEWithLogitsLoss()):
        init_default_scope('mmpretrain')
        head = CSRAClsHead(3, 2, num_heads=1, lam=0.1, loss=loss)
        assert isinstance(head.loss_module, nn.Module)


def test_a_loss_may_stand_anywhere_else():
    class Training(nn.Module):
        def __init__(self):
            super().__init__()
            self.loss = LargeLossRejection()

    assert isinstance(Training().loss, LargeLossRejection)
