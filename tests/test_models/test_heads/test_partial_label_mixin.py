"""The head of somebody else, on partial labels."""

import pytest
import torch
from mmpretrain.models.heads import MultiLabelClsHead
from mmpretrain.structures import DataSample
from torch import nn

from mmwsml.models import PartialLabelMixin
from mmwsml.models.label_stores import LabelStore
from mmwsml.models.losses import AssumeNegative, LargeLossRejection


class TwoLayers(MultiLabelClsHead):
    """A head that MMPretrain does not know, with options of its own."""

    def __init__(self, num_classes, width, *, depth=1, **options):
        super().__init__(**options)
        self.depth = depth
        self.hidden = nn.Linear(2, width)
        self.out = nn.Linear(width, num_classes)

    def pre_logits(self, feats):
        return self.hidden(feats[-1]).relu()

    def forward(self, feats):
        return self.out(self.pre_logits(feats))


class PartialTwoLayers(PartialLabelMixin, TwoLayers):
    pass


def sample(positives, negatives=()):
    result = DataSample(metainfo=dict(sample_id='set/1'))
    result.set_gt_label(list(positives))
    result.neg_label = torch.tensor(negatives, dtype=torch.long)
    return result


def test_any_multi_label_head_takes_the_mixin():
    loss = dict(type='mmwsml.LargeLossRejection')
    head = PartialTwoLayers(3, 5, depth=2, loss=loss, topk=1)
    assert (head.depth, head.topk, head.num_classes) == (2, 1, 3)
    assert type(head.label_store) is LabelStore
    head.tell(rate=1)
    feature = torch.randn(1, 2)
    value = head.loss((feature,), [sample([0], [1])])['loss']
    value.backward()
    assert head.out.weight.grad[:2].any() and not head.out.weight.grad[2].any()
    assert head.last_step.logits.equal(head((feature,)))


def test_what_is_told_stays_until_it_is_told_anew():
    head = PartialTwoLayers(3, 5)
    head.tell(progress=(1, 9), rate=1)
    head.tell(progress=(2, 9))
    assert head.told.progress == (2, 9) and head.told.rate == 1


def test_nobody_tells_what_no_step_has():
    with pytest.raises(TypeError, match='epoch'):
        PartialTwoLayers(3, 5).tell(epoch=1)


@pytest.mark.parametrize('loss', [AssumeNegative(), LargeLossRejection()])
def test_the_mixin_checks_the_loss_and_its_labels(loss):
    with pytest.raises(ValueError, match='accepts partial labels, but the h'):
        PartialTwoLayers(3, 5, loss=loss, labels='complete')
