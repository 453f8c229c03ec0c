import pytest
import torch
from mmengine.registry import init_default_scope
from mmpretrain.registry import MODELS

from mmwsml.models.activation_maps import (
    gradient_maps,
    linear_maps,
    tokens_to_places,
)


def test_the_mean_of_a_map_is_the_logit():
    features, weight = torch.randn(8, 3, 5), torch.randn(4, 8)
    maps = linear_maps(features, weight)
    assert maps.shape == (4, 3, 5)
    expected = weight @ features.mean((1, 2))
    torch.testing.assert_close(maps.mean((1, 2)), expected)


@pytest.mark.parametrize('extra', [0, 1, 2])
def test_tokens_lie_in_a_square_behind_class_tokens(extra):
    tokens = torch.arange(2 * (extra + 9) * 4).view(2, extra + 9, 4)
    places = tokens_to_places(tokens)
    assert places.shape == (2, 4, 3, 3)
    assert torch.equal(places[1, :, 2, 0], tokens[1, extra + 6])


def test_feature_maps_stay_as_they_are():
    features = torch.randn(1, 2, 3, 4)
    assert tokens_to_places(features) is features


def test_other_outputs_are_refused():
    for output in (torch.randn(2, 3), (torch.randn(2, 3, 4, 4),)):
        with pytest.raises(ValueError, match=r'must be \(N, C, h, w\) or'):
            tokens_to_places(output)


@pytest.fixture
def build():
    """Build a classifier of five classes with random weights."""
    torch.manual_seed(0)
    init_default_scope('mmpretrain')

    def build(backbone, in_channels, **kwargs):
        head = dict(
            type='mmwsml.PartialLabelHead',
            num_classes=5,
            in_channels=in_channels,
        )
        model = dict(type='ImageClassifier', backbone=backbone, head=head)
        return MODELS.build({**model, **kwargs}).eval()

    return build


def test_grad_cam_of_pooled_features_is_the_linear_map(build):
    pytest.importorskip('pytorch_grad_cam')
    neck = dict(type='GlobalAveragePooling')
    model = build(dict(type='mmwsml.DigitNet'), 64, neck=neck)
    image = torch.randn(3, 64, 64)
    features = model.extract_feat(image[None], stage='backbone')[-1][0]
    exact = linear_maps(features, model.head.fc.weight[[1, 4]]).relu()
    found = gradient_maps(model, image, [1, 4], 'backbone.layers')
    exact = torch.nn.functional.interpolate(
        exact[None], (64, 64), mode='bilinear'
    )[0]
    assert found.shape == (2, 64, 64)
    for one, two in zip(found, exact):
        both = torch.stack([one.flatten(), two.flatten()])
        assert torch.corrcoef(both)[0, 1] > 0.99


def test_grad_cam_looks_at_tokens_of_a_transformer(build):
    pytest.importorskip('pytorch_grad_cam')
    backbone = dict(
        type='VisionTransformer',
        arch=dict(
            embed_dims=16, num_layers=2, num_heads=2, feedforward_channels=32
        ),
        img_size=32,
        patch_size=8,
    )
    model = build(backbone, 16)
    maps = gradient_maps(
        model, torch.randn(3, 32, 32), [0, 3, 4], 'backbone.layers.1.ln1'
    )
    assert maps.shape == (3, 32, 32)
    assert maps.isfinite().all() and (maps >= 0).all() and maps.max() > 0


def test_an_unknown_layer_is_refused(build):
    pytest.importorskip('pytorch_grad_cam')
    neck = dict(type='GlobalAveragePooling')
    model = build(dict(type='mmwsml.DigitNet'), 64, neck=neck)
    with pytest.raises(ValueError, match=r"but it has no 'backbone\.x'"):
        gradient_maps(model, torch.randn(3, 64, 64), [0], 'backbone.x')


def test_a_missing_package_is_named(build, monkeypatch):
    monkeypatch.setitem(__import__('sys').modules, 'pytorch_grad_cam', None)
    model = build(dict(type='mmwsml.DigitNet'), 64)
    with pytest.raises(ImportError, match='needs the package grad-cam: inst'):
        gradient_maps(model, torch.randn(3, 64, 64), [0], 'backbone.layers')
