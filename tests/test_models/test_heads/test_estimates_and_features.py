"""A head whose loss learns estimates of the labels or looks at features."""

import copy

import pytest
import torch
from mmpretrain.structures import DataSample

from mmwsml.models import PartialLabelHead
from mmwsml.models.losses import InteractiveMultiLabel
from mmwsml.structures import KnownLabels

IDS = ['set/a', 'set/b']
ROLE = dict(type='mmwsml.RegularizedOnlineLabelEstimation', kappa=1)
ESTIMATES = dict(type='mmwsml.LabelEstimates', num_images=2)


def samples():
    for number, image in enumerate(IDS):
        sample = DataSample(metainfo=dict(sample_id=image))
        sample.set_gt_label([number])
        sample.neg_label = torch.tensor([2])
        yield sample


def test_a_loss_without_its_estimates_names_the_store():
    head = PartialLabelHead(3, 2, ROLE)
    with pytest.raises(RuntimeError, match=r'model\.head\.label_store='):
        head.loss((torch.zeros(2, 2),), list(samples()))


def test_estimates_learn_with_the_head_and_leave_no_graph_behind():
    head = PartialLabelHead(3, 2, ROLE, label_store=ESTIMATES)
    entries = [(s.sample_id, s.gt_label.tolist(), [2]) for s in samples()]
    head.label_store.start(KnownLabels.collect(entries))
    head.loss((torch.randn(2, 2),), list(samples()))['loss'].backward()
    assert (head.label_store.logits.grad != 0).all()
    assert 'label_store.logits' not in head.state_dict()
    copy.deepcopy(head)  # as a hook may, between two steps


def test_a_loss_sees_the_features_of_its_images():
    head, steps = PartialLabelHead(3, 2, InteractiveMultiLabel(3)), []
    head.loss_module.register_forward_pre_hook(
        lambda _, args: steps.append(args[3])
    )
    feature = torch.randn(2, 2, requires_grad=True)
    head.loss((torch.zeros(2, 9), feature), list(samples()))
    assert torch.equal(steps[0].features, feature)
    assert not steps[0].features.requires_grad
