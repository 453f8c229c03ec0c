"""Parts of a model that do not fit each other or the images."""

import copy

import numpy as np
import pytest
import torch
from mmpretrain.models import ImageClassifier
from mmpretrain.registry import MODELS

from mmwsml.engine.shape_checks import check_shapes
from mmwsml.models import PartialLabelHead

from .conftest import make_model

PREFLIGHT = [dict(type='mmwsml.PreflightHook')]
CSRA = dict(type='mmwsml.PartialLabelCSRAHead', num_heads=1, lam=0.1)


@pytest.mark.parametrize('head', [{}, CSRA], ids=['linear', 'CSRA'])
def test_a_head_of_other_channels_is_refused(make_runner, head):
    model = make_model(dict(head, in_channels=9))
    if head:
        del model['neck']
    runner = make_runner(PREFLIGHT, model=model)
    message = (
        'has in_channels=9, but backbone and neck give 8 channels: set '
        '`model.head.in_channels=8`'
    )
    with pytest.raises(ValueError, match=message):
        runner.train()
    assert runner.iter == 0


def test_a_backbone_of_other_channels_is_refused(make_runner):
    model = make_model({})
    model['backbone']['in_channels'] = 4
    runner = make_runner(PREFLIGHT, model=model)
    message = 'does not take images of 3 channels, .*`model.backbone.in_chann'
    with pytest.raises(ValueError, match=message):
        runner.train()
    assert runner.iter == 0


@pytest.mark.parametrize(
    'backbone, channels',
    [
        (dict(type='VisionTransformer', arch='deit-t', img_size=16), 192),
        (
            dict(
                type='SwinTransformer',
                arch='tiny',
                img_size=32,
                pad_small_map=True,
            ),
            768,
        ),
        (dict(type='MobileNetV3', arch='small_050'), 288),
    ],
    ids=lambda x: x.get('type', '') if isinstance(x, dict) else '',
)
def test_networks_that_fit_pass_and_others_do_not(
    make_runner, dataset_cfg, backbone, channels
):
    dataset = copy.deepcopy(dataset_cfg)
    size = backbone.get('img_size', 16)
    dataset['pipeline'].insert(1, dict(type='Resize', scale=(size, size)))
    model = make_model(dict(in_channels=channels))
    model['backbone'] = backbone
    if backbone['type'] == 'VisionTransformer':
        backbone.update(patch_size=8)
        del model['neck']
    check(make_runner, dataset, model)
    model['head']['in_channels'] = 7
    with pytest.raises(ValueError, match=f'in_channels={channels}`'):
        check(make_runner, dataset, model)


@MODELS.register_module()
class TwoPools(PartialLabelHead):
    """Average and maximum side by side."""

    def pre_logits(self, feats):
        return torch.cat([feats[-1].mean((2, 3)), feats[-1].amax((2, 3))], 1)


@MODELS.register_module()
class Mirrored(ImageClassifier):
    """Sees an image and its mirror image at once."""

    def extract_feat(self, inputs, stage='neck'):
        return super().extract_feat(torch.cat([inputs, inputs], 1), stage)


def test_what_a_head_or_a_model_of_others_does_is_left_to_it(
    make_runner, dataset_cfg
):
    model = make_model(dict(type='TwoPools', in_channels=16))
    del model['neck']
    check(make_runner, dataset_cfg, model)
    model = dict(make_model({}), type='Mirrored')
    model['backbone']['in_channels'] = 6
    check(make_runner, dataset_cfg, model)


def check(make_runner, dataset, model):
    runner = make_runner(dataset=dataset, model=copy.deepcopy(model))
    runner._train_loop = runner.build_train_loop(runner._train_loop)
    check_shapes(runner, runner.train_dataloader.dataset)


def test_the_check_draws_no_random_number(make_runner, dataset_cfg):
    dataset = copy.deepcopy(dataset_cfg)
    dataset['pipeline'].insert(1, dict(type='RandomFlip', prob=0.5))
    np.random.seed(1)
    torch.manual_seed(1)
    before = np.random.random(), torch.rand(1)
    runner = make_runner(dataset=dataset)
    runner._train_loop = runner.build_train_loop(runner._train_loop)
    np.random.seed(1)
    torch.manual_seed(1)
    check_shapes(runner, runner.train_dataloader.dataset)
    assert (np.random.random(), torch.rand(1)) == before
