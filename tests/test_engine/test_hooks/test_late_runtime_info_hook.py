from types import SimpleNamespace

import pytest
import torch
from mmengine.logging import MessageHub

from mmwsml.engine.hooks import LateRuntimeInfoHook, late_runtime_info_hook
from mmwsml.structures import Download


@pytest.fixture
def runner(monkeypatch):
    """A run whose losses lie on a device without values."""
    name = 'late_runtime_info'
    MessageHub._instance_dict.pop(name, None)
    return SimpleNamespace(message_hub=MessageHub.get_instance(name))


@pytest.fixture
def sent(monkeypatch):
    """The values that come back, in their order."""
    values = []

    class Arriving(Download):
        def __init__(self, tensor):
            assert tensor.device.type == 'meta' and tensor.ndim == 1
            super().__init__(torch.tensor(values.pop(0)))

    monkeypatch.setattr(late_runtime_info_hook, 'Download', Arriving)
    return values


def history(runner, name='train/loss'):
    scalars = runner.message_hub.log_scalars
    return scalars[name].data[0].tolist() if name in scalars else []


def step(hook, runner, number, device):
    outputs = dict(loss=torch.tensor(float(number), device=device))
    hook.after_train_iter(runner, number, None, outputs)


def test_on_a_cpu_nothing_is_late(runner):
    hook = LateRuntimeInfoHook()
    for number in range(3):
        step(hook, runner, number, 'cpu')
        assert history(runner) == list(range(number + 1))
    hook.after_train_epoch(runner)
    assert history(runner) == [0, 1, 2]


@pytest.mark.parametrize('end', ['after_train_epoch', 'after_train'])
def test_on_a_device_a_loss_is_noted_a_step_late(runner, sent, end):
    hook, seen = LateRuntimeInfoHook(), []
    sent += [[0.0], [1.0], [2.0]]
    for number in range(3):
        step(hook, runner, number, 'meta')
        seen.append(history(runner))
    assert seen == [[], [0], [0, 1]]
    getattr(hook, end)(runner)
    getattr(hook, end)(runner)  # once
    assert history(runner) == [0, 1, 2]


def test_every_term_is_noted_before_a_validation(runner, sent):
    hook = LateRuntimeInfoHook()
    sent.append([3.0, 1.0])
    terms = dict(loss=torch.rand((), device='meta'))
    terms['part'] = torch.rand((), dtype=torch.half, device='meta')
    hook.after_train_iter(runner, 0, None, terms)
    runner.message_hub.update_info('loop_stage', 'train')
    hook.before_val(runner)
    assert history(runner) == [3] and history(runner, 'train/part') == [1]
    assert runner.message_hub.get_info('loop_stage') == 'val'


def test_a_step_without_outputs_is_none(runner):
    LateRuntimeInfoHook().after_train_iter(runner, 0)
    assert history(runner) == []
