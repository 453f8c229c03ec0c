"""Which buffers are averaged; tests/test_distributed has the processes."""

from types import SimpleNamespace

import pytest
from torch import nn

from mmwsml.engine.hooks import BatchStatisticsHook, batch_statistics_hook


@pytest.fixture
def sent(monkeypatch):
    """Collect what a step of two processes would average."""
    buffers = []

    def average(params, op):
        assert op == 'mean'
        buffers.extend(params)

    monkeypatch.setattr(batch_statistics_hook, 'all_reduce_params', average)
    monkeypatch.setattr(batch_statistics_hook, 'get_world_size', lambda: 2)
    return buffers


def step(model):
    BatchStatisticsHook().after_train_iter(SimpleNamespace(model=model), 0)


def test_running_statistics_are_averaged_but_no_counts(sent):
    norm = nn.BatchNorm2d(3)
    step(nn.Sequential(nn.Conv2d(3, 3, 1), norm, nn.BatchNorm1d(2)))
    assert len(sent) == 4
    assert sent[0] is norm.running_mean and sent[1] is norm.running_var


def test_what_did_not_move_is_not_sent(sent):
    still = nn.BatchNorm2d(3).eval()
    bare = nn.BatchNorm2d(3, track_running_stats=False)
    step(nn.Sequential(still, bare, nn.SyncBatchNorm(3), nn.LayerNorm(3)))
    assert sent == []


def test_one_process_has_nothing_to_average(sent, monkeypatch):
    monkeypatch.setattr(batch_statistics_hook, 'get_world_size', lambda: 1)
    step(nn.BatchNorm2d(3))
    assert sent == []


def test_it_runs_before_averages_passes_and_checkpoints(make_runner):
    hooks = [dict(type='EMAHook'), dict(type='mmwsml.BatchStatisticsHook')]
    runner = make_runner(hooks)
    names = [type(hook).__name__ for hook in runner.hooks]
    place = names.index('BatchStatisticsHook')
    assert place < names.index('EMAHook') < names.index('CheckpointHook')
