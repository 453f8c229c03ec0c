from types import SimpleNamespace

import pytest

from mmwsml.recipe import tell_epochs
from mmwsml.recipe.tell_epochs import TellEpochsHook


@pytest.fixture
def lines(monkeypatch):
    """Say what two hooks' trainings of four epochs do; each takes 30 s."""
    told = []
    progress = SimpleNamespace(say=told.append)
    times = iter(range(0, 900, 30))
    monkeypatch.setattr(tell_epochs.time, 'perf_counter', lambda: next(times))
    return progress, told


def test_a_validation_is_a_line(lines):
    progress, told = lines
    hook, runner = TellEpochsHook(progress, 4), SimpleNamespace(epoch=0)
    hook.before_train(runner)
    for runner.epoch in (1, 2, 4):
        hook.after_val_epoch(runner, {'a/loss': 1.0, 'a/mAP': 40.04})
    assert told == [
        'epoch 1 of 4: mAP 40.0 on validation, about 1.5 minutes left',
        'epoch 2 of 4: mAP 40.0 on validation, about 1.0 minutes left',
        'epoch 4 of 4: mAP 40.0 on validation, about 0.0 minutes left',
    ]


def test_the_time_that_is_left_is_that_of_a_resumed_training(lines):
    progress, told = lines
    hook, runner = TellEpochsHook(progress, 4), SimpleNamespace(epoch=2)
    hook.before_train(runner)
    runner.epoch = 3
    hook.after_val_epoch(runner)
    assert told == ['epoch 3 of 4, about 0.5 minutes left']


def test_what_is_validated_before_it_goes_on_is_told_without_a_time(lines):
    progress, told = lines
    hook, runner = TellEpochsHook(progress, 4), SimpleNamespace(epoch=2)
    hook.before_train(runner)
    hook.after_val_epoch(runner, {'a/mAP': 40.0})
    assert told == ['epoch 2 of 4: mAP 40.0 on validation']


def test_the_head_made_again_is_not_told_as_an_epoch(lines):
    progress, told = lines
    hook = TellEpochsHook(progress, 4)
    hook.after_val_epoch(SimpleNamespace(epoch=5), {'a/mAP': 99.0})
    assert not told
