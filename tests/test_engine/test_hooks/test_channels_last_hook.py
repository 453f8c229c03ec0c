from types import SimpleNamespace

import pytest
import torch
from mmengine.model import MMDistributedDataParallel
from torch import nn

from mmwsml.engine import ChannelsLastHook


def test_weights_and_activations_lie_channels_last_with_equal_numbers():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3))
    images = torch.randn(2, 3, 16, 16)
    expected = model(images)
    ChannelsLastHook().before_run(SimpleNamespace(model=model))
    result = model(images)
    assert result.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(result, expected)


def test_the_parameters_stay_those_of_the_optimizer():
    model = nn.Conv2d(3, 8, 3)
    before = list(model.parameters())
    ChannelsLastHook().before_run(SimpleNamespace(model=model))
    assert all(a is b for a, b in zip(before, model.parameters()))


def test_refuses_a_wrapped_model(process_group):
    model = MMDistributedDataParallel(nn.Conv2d(3, 8, 3))
    with pytest.raises(ValueError, match='one process, but the model is wrap'):
        ChannelsLastHook().before_run(SimpleNamespace(model=model))
