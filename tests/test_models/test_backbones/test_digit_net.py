import pytest
import torch

from mmwsml.models import DigitNet
from mmwsml.registry import MODELS


@pytest.mark.parametrize('size', [64, 72])
def test_the_feature_map_is_an_eighth_of_the_image(size):
    feats = DigitNet()(torch.zeros(2, 3, size, size))
    assert isinstance(feats, tuple) and len(feats) == 1
    assert feats[0].shape == (2, 64, size // 8, size // 8)


def test_channels_and_strides_set_the_shape():
    net = DigitNet(channels=(4, 6), strides=(2, 1), in_channels=1)
    assert net(torch.zeros(2, 1, 16, 16))[0].shape == (2, 6, 8, 8)


def test_the_default_has_as_many_weights_as_its_layers_say():
    inputs, outputs = [3, 16, 32, 32, 64, 64], [16, 32, 32, 64, 64, 64]
    expected = sum(9 * i * o + 2 * o for i, o in zip(inputs, outputs))
    assert sum(p.numel() for p in DigitNet().parameters()) == expected


def test_every_weight_gets_a_gradient():
    net = DigitNet()
    net(torch.randn(2, 3, 64, 64))[0].square().sum().backward()
    assert all(p.grad is not None for p in net.parameters())
    assert all(p.grad.isfinite().all() for p in net.parameters())


def test_the_registry_builds_it():
    net = MODELS.build(dict(type='mmwsml.DigitNet', channels=[8], strides=[4]))
    assert isinstance(net, DigitNet)


@pytest.mark.parametrize(('channels', 'strides'), [([8], []), ([8], [1, 2])])
def test_channels_and_strides_of_different_length_are_refused(
    channels, strides
):
    with pytest.raises(ValueError, match='must be equally long, but got 1'):
        DigitNet(channels, strides)
