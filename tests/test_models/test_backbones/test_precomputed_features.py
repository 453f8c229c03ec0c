import torch
from mmengine.config import Config
from mmpretrain import get_model

from mmwsml.models import PrecomputedFeatures


def test_the_head_receives_the_input():
    head = dict(type='mmwsml.PartialLabelHead', num_classes=3, in_channels=8)
    model = dict(
        type='ImageClassifier',
        backbone=dict(type='mmwsml.PrecomputedFeatures'),
        neck=dict(type='GlobalAveragePooling'),
        head=head,
    )
    model = get_model(Config(dict(model=model)))
    features = torch.randn(5, 8)
    logits = model(features[:, :, None, None])
    assert torch.equal(logits, model.head.fc(features))


def test_has_no_weights():
    assert not PrecomputedFeatures().state_dict()
