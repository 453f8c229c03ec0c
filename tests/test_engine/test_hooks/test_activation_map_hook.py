from types import SimpleNamespace

import pytest
import torch
from mmengine.registry import init_default_scope
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample
from torch import nn

from mmwsml.engine import ActivationMapHook
from mmwsml.models import MultinomialHead
from mmwsml.models.activation_maps import linear_maps


@pytest.fixture
def runner():
    """What the hook sees of a runner."""
    torch.manual_seed(0)
    init_default_scope('mmpretrain')
    head = dict(type='mmwsml.PartialLabelHead', num_classes=5, in_channels=64)
    model = MODELS.build(
        dict(
            type='ImageClassifier',
            backbone=dict(type='mmwsml.DigitNet'),
            neck=dict(type='GlobalAveragePooling'),
            head=head,
        )
    )
    return SimpleNamespace(model=model.eval())


def predict(model, labels):
    samples = [DataSample().set_gt_label(x) for x in labels]
    inputs = torch.randn(len(labels), 3, 64, 64)
    with torch.no_grad():
        return inputs, model(inputs, samples, mode='predict')


LABELS = [[1, 4], torch.empty(0).long(), [0]]


def test_adds_the_maps_of_the_true_classes(runner):
    hook = ActivationMapHook()
    hook.before_test(runner)
    inputs, samples = predict(runner.model, LABELS)
    features = runner.model.extract_feat(inputs, stage='backbone')[-1]
    for feature, labels, sample in zip(features, LABELS, samples):
        weight = runner.model.head.fc.weight[list(labels)]
        expected = linear_maps(feature, weight).detach()
        torch.testing.assert_close(sample.activation_maps, expected)
        assert sample.input_shape == (64, 64)


def test_a_head_that_takes_the_feature_map_makes_its_own_maps(runner):
    head = dict(type='mmwsml.BoostLUHead', num_classes=5, in_channels=64)
    runner.model.neck, runner.model.head = None, MODELS.build(head).eval()
    hook = ActivationMapHook()
    hook.before_test(runner)
    inputs, samples = predict(runner.model, LABELS)
    logits = runner.model(inputs)
    for labels, sample, row in zip(LABELS, samples, logits):
        maps = sample.activation_maps
        assert maps.shape == (len(labels), 8, 8)
        expected = row[list(labels)].detach()
        torch.testing.assert_close(maps.mean((1, 2)), expected)
    hook.after_test(runner)
    assert not runner.model.head._forward_pre_hooks


def test_grad_cam_adds_maps_of_every_true_class(runner):
    pytest.importorskip('pytorch_grad_cam')
    hook = ActivationMapHook('grad-cam', 'backbone.layers')
    hook.before_test(runner)
    _, samples = predict(runner.model, LABELS)
    shapes = [tuple(sample.activation_maps.shape) for sample in samples]
    assert shapes == [(2, 64, 64), (0, 64, 64), (1, 64, 64)]


def test_leaves_the_model_as_it_was(runner):
    hook = ActivationMapHook()
    hook.before_test(runner)
    hook.after_test(runner)
    _, samples = predict(runner.model, LABELS)
    assert all('activation_maps' not in sample for sample in samples)


def test_finds_the_model_inside_a_wrapper(runner, monkeypatch):
    class Wrapper(nn.Module):
        def __init__(self, module):
            super().__init__()
            self.module = module

    path = 'mmwsml.engine.head.is_model_wrapper'
    monkeypatch.setattr(path, lambda model: isinstance(model, Wrapper))
    wrapped = SimpleNamespace(model=Wrapper(runner.model))
    ActivationMapHook().before_test(wrapped)
    _, samples = predict(runner.model, LABELS)
    assert all('activation_maps' in sample for sample in samples)


def test_another_neck_is_refused(runner):
    runner.model.neck = None
    with pytest.raises(TypeError, match='NoneType and PartialLabelHead; use'):
        ActivationMapHook().before_test(runner)


def test_a_head_whose_classes_compete_is_refused(runner):
    runner.model.head = MultinomialHead(3, 8)
    with pytest.raises(TypeError, match='and MultinomialHead; use'):
        ActivationMapHook().before_test(runner)


def test_unknown_methods_are_refused():
    with pytest.raises(ValueError, match="`method` must be 'cam' or 'grad"):
        ActivationMapHook('scorecam')
    with pytest.raises(ValueError, match='needs `target_layer`, the name of'):
        ActivationMapHook('grad-cam')
