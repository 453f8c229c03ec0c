import pytest
import torch
from mmengine.config import Config
from mmpretrain import get_model

from mmwsml.models import PrecomputedFeatures


@pytest.mark.parametrize(
    'flat, neck', [(False, dict(type='GlobalAveragePooling')), (True, None)]
)
def test_the_head_receives_the_input(flat, neck):
    head = dict(type='mmwsml.PartialLabelHead', num_classes=3, in_channels=8)
    model = dict(
        type='ImageClassifier',
        backbone=dict(type='mmwsml.PrecomputedFeatures', flat=flat),
        neck=neck,
        head=head,
    )
    model = get_model(Config(dict(model=model)))
    features = torch.randn(5, 8)
    logits = model(features[:, :, None, None])
    assert torch.equal(logits, model.head.fc(features))


def test_has_no_weights():
    assert not PrecomputedFeatures().state_dict()
