import sys

import pytest
import torch

from mmwsml.inference.efficientnet_lite_weights import (
    find_weights,
    rename_weights,
)
from mmwsml.models import EfficientNetLite0


def weigh(part, *shape):
    return {f'{part}.weight': torch.randn(*shape)}


def norm(part, size):
    zero = torch.zeros(size)
    return {
        f'{part}.weight': torch.randn(size),
        f'{part}.bias': torch.randn(size),
        f'{part}.running_mean': zero,
        f'{part}.running_var': zero + 1,
        f'{part}.num_batches_tracked': torch.tensor(0),
    }


@pytest.fixture(scope='module')
def weights():
    """Weights as the package has them, drawn."""
    found = {**weigh('_conv_stem', 32, 3, 3, 3), **norm('_bn0', 32)}
    number, size = 0, 32
    # Blocks, width, kernel, expansion of each stage.
    for repeat, width, kernel, expand in [
        (1, 16, 3, 1),
        (2, 24, 3, 6),
        (2, 40, 5, 6),
        (3, 80, 3, 6),
        (3, 112, 5, 6),
        (4, 192, 5, 6),
        (1, 320, 3, 6),
    ]:
        for _ in range(repeat):
            part, wide = f'_blocks.{number}', size * expand
            if expand > 1:
                found.update(weigh(f'{part}._expand_conv', wide, size, 1, 1))
                found.update(norm(f'{part}._bn0', wide))
            name = f'{part}._depthwise_conv'
            found.update(weigh(name, wide, 1, kernel, kernel))
            found.update(norm(f'{part}._bn1', wide))
            found.update(weigh(f'{part}._project_conv', width, wide, 1, 1))
            found.update(norm(f'{part}._bn2', width))
            number, size = number + 1, width
    found.update(weigh('_conv_head', 1280, 320, 1, 1))
    found.update(norm('_bn1', 1280))
    found.update(weigh('_fc', 1000, 1280))
    found['_fc.bias'] = torch.randn(1000)
    return found


def test_every_weight_has_its_place(weights):
    renamed = rename_weights(weights)
    prefix = 'backbone.'
    own = {prefix + name for name in EfficientNetLite0().state_dict()}
    assert renamed.keys() == own
    for here, there in [
        ('layers.0.conv.weight', '_conv_stem.weight'),
        ('layers.1.0.depthwise_conv.bn.bias', '_blocks.0._bn1.bias'),
        (
            'layers.2.1.expand_conv.conv.weight',
            '_blocks.2._expand_conv.weight',
        ),
        ('layers.5.3.linear_conv.bn.weight', '_blocks.14._bn2.weight'),
        ('layers.6.bn.weight', '_bn1.weight'),
    ]:
        assert renamed[prefix + here] is weights[there]


def test_refuses_weights_of_another_network(weights):
    others = {k: v for k, v in weights.items() if k != '_bn1.bias'}
    with pytest.raises(
        ValueError, match=r'1 weights are missing, unkn.*6\.bn'
    ):
        rename_weights(others)


def test_refuses_a_package_that_is_not_installed(monkeypatch):
    monkeypatch.setattr(sys, 'path', [])
    with pytest.raises(
        FileNotFoundError, match=r"install 'mmwsml\[weights\]'"
    ):
        find_weights()
