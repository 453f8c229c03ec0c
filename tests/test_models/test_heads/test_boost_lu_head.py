import math
from itertools import product

import pytest
import torch
from mmengine.registry import init_default_scope
from mmpretrain.models.necks import GlobalAveragePooling
from mmpretrain.structures import DataSample

from mmwsml.models import BoostLUHead, PartialLabelHead
from mmwsml.registry import MODELS


def make_head(alpha=5.0, **kwargs):
    """Build a head of 4 classes, 3 channels and random weights."""
    torch.manual_seed(0)
    head = BoostLUHead(4, 3, alpha, **kwargs)
    torch.nn.init.normal_(head.fc.weight)
    torch.nn.init.normal_(head.fc.bias)
    return head


def feature_map(dtype=torch.float32):
    generator = torch.Generator().manual_seed(1)
    return torch.randn(2, 3, 5, 2, generator=generator, dtype=dtype)


def logits_with_loops(feature, weight, bias, alpha):
    logits = torch.zeros(len(feature), len(weight))
    height, width = feature.shape[2:]
    for n, k in product(range(len(feature)), range(len(weight))):
        total = 0.0
        for y, x in product(range(height), range(width)):
            place = feature[n, :, y, x].tolist()
            activation = bias[k].item()
            activation += sum(w * f for w, f in zip(weight[k].tolist(), place))
            total += alpha * activation if activation > 0 else activation
        logits[n, k] = total / (height * width)
    return logits


@pytest.mark.parametrize('alpha', [1, 1.5, 5.0, 20])
def test_equals_the_formula_written_as_loops(alpha):
    head, feature = make_head(alpha), feature_map()
    expected = logits_with_loops(feature, head.fc.weight, head.fc.bias, alpha)
    unused = torch.zeros(2, 7, 9, 9)  # of an earlier stage
    torch.testing.assert_close(head((unused, feature)), expected)


def test_the_published_factor_is_the_default():
    assert BoostLUHead(4, 3).alpha == 5


def test_without_a_boost_it_is_a_linear_head_over_average_pooling():
    head, linear = make_head(alpha=1), PartialLabelHead(4, 3)
    linear.load_state_dict(head.state_dict())
    pooled = GlobalAveragePooling()((feature_map(),))
    logits, expected = head((feature_map(),)), linear(pooled)
    torch.testing.assert_close(logits, expected)
    for result in (logits, expected):
        result.square().sum().backward()
    torch.testing.assert_close(head.fc.weight.grad, linear.fc.weight.grad)
    torch.testing.assert_close(head.fc.bias.grad, linear.fc.bias.grad)


def test_a_boost_lowers_no_logit():
    logits = [make_head(a)((feature_map(),)) for a in (1, 5, 9)]
    assert (logits[0] <= logits[1]).all() and (logits[1] <= logits[2]).all()
    assert (logits[0] < logits[2]).any()


def test_a_map_without_a_positive_place_is_left_as_it_is():
    head = make_head()
    torch.nn.init.constant_(head.fc.bias, -100.0)
    expected = make_head(1)
    expected.load_state_dict(head.state_dict())
    assert torch.equal(head((feature_map(),)), expected((feature_map(),)))


def test_the_gradient_is_that_of_the_logits():
    head = make_head().double()
    feature = feature_map(torch.float64).requires_grad_()

    def logits(feature, weight, bias):
        weights = {'fc.weight': weight, 'fc.bias': bias}
        return torch.func.functional_call(head, weights, ((feature,),))

    inputs = feature, head.fc.weight, head.fc.bias
    assert torch.autograd.gradcheck(logits, inputs)


def test_a_place_of_0_has_the_gradient_of_one_below():
    head = make_head()
    torch.nn.init.zeros_(head.fc.bias)
    head((torch.zeros(1, 3, 2, 2),)).sum().backward()
    assert head.fc.bias.grad.tolist() == [1] * 4


@pytest.mark.parametrize('training', [True, False])
@pytest.mark.parametrize('dtype', [torch.float32, torch.bfloat16])
def test_under_autocast_the_logits_are_not_rounded(dtype, training):
    head = make_head().train(training)
    feature = feature_map().to(dtype)
    expected = head((feature.float(),))
    with torch.autocast('cpu', torch.bfloat16):
        logits = head((feature,))
    assert logits.dtype == torch.float32
    torch.testing.assert_close(logits, expected, rtol=0, atol=0)


def test_the_mean_of_an_activation_map_is_the_logit():
    head, feature = make_head(), feature_map()
    maps = head.activation_maps(feature[1], [3, 0])
    assert maps.shape == (2, 5, 2)
    logits = head((feature,))[1, [3, 0]]
    torch.testing.assert_close(maps.mean((1, 2)), logits)
    assert head.activation_maps(feature[0], []).shape == (0, 5, 2)


@pytest.mark.parametrize('method', ['loss', 'predict'])
def test_features_without_places_are_refused(method):
    sample = DataSample(metainfo=dict(sample_id='set/1'))
    message = r'a feature map .* shape \(2, 3\): set `model\.neck=None`'
    with pytest.raises(ValueError, match=message):
        getattr(make_head(), method)((torch.zeros(2, 3),), [sample] * 2)


@pytest.mark.parametrize('out_type', ['cls_token', 'featmap'])
def test_a_transformer_needs_its_feature_map(out_type):
    init_default_scope('mmpretrain')
    arch = dict(
        embed_dims=8, num_layers=1, num_heads=2, feedforward_channels=8
    )
    backbone = dict(
        type='VisionTransformer',
        arch=arch,
        img_size=32,
        patch_size=16,
        out_type=out_type,
        with_cls_token=True,
    )
    head = dict(type='mmwsml.BoostLUHead', num_classes=4, in_channels=8)
    model = MODELS.build(
        dict(type='ImageClassifier', backbone=backbone, head=head)
    )
    images = torch.zeros(2, 3, 32, 32)
    if out_type == 'featmap':
        assert model(images).shape == (2, 4)
        return
    with pytest.raises(ValueError, match="out_type='featmap'` in a transf"):
        model(images)


@pytest.mark.parametrize('alpha', [0.99, 0, -5, math.inf, math.nan])
def test_alpha_must_be_at_least_1(alpha):
    with pytest.raises(ValueError, match='`alpha` must be finite and at le'):
        BoostLUHead(4, 3, alpha)


@pytest.mark.parametrize('alpha', ['5', True, None])
def test_alpha_must_be_a_number(alpha):
    with pytest.raises(TypeError, match='`alpha` must be a number, but got'):
        BoostLUHead(4, 3, alpha)
