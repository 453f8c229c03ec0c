"""LinearInit inside DDP: one hook is all that a run needs."""

import weakref
from copy import deepcopy
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmwsml.engine.launch import adapt_to_machine

pytestmark = [pytest.mark.dist, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
(LINEAR,) = (ROOT / 'configs' / 'an').glob('*linearinit*_digitscenes-*.py')


class Watcher(Hook):
    """Keep states, a weight after each step, the wrappers of the model."""

    def __init__(self):
        self.states, self.weights, self.wrappers = [], [], []

    def before_run(self, runner):
        self.states.append(deepcopy(runner.model.module.state_dict()))
        self.wrappers.append(weakref.ref(runner.model))

    def after_train_iter(self, runner, *args, **kwargs):
        weight = next(runner.model.module.backbone.parameters())
        self.weights.append(weight.detach().clone())
        if runner.model is not self.wrappers[-1]():
            self.wrappers.append(weakref.ref(runner.model))

    def after_train_epoch(self, runner):
        self.states.append(deepcopy(runner.model.module.state_dict()))


def train(cfg):
    """Train; return what was seen, and the average weights if any."""
    adapt_to_machine(cfg)
    runner, watcher = Runner.from_cfg(cfg), Watcher()
    runner.register_hook(watcher, priority='VERY_LOW')
    runner.train()
    average = [h.ema_model for h in runner.hooks if hasattr(h, 'ema_model')]
    return dict(
        states=watcher.states,
        weights=watcher.weights,
        alive=[wrapper() is not None for wrapper in watcher.wrappers],
        average=average and dict(average[0].module.state_dict()),
    )


@pytest.fixture
def make_cfg(digit_scenes, tmp_path):
    """Return a maker of runs of three epochs of four steps."""

    def make(**options):
        cfg = Config.fromfile(LINEAR)
        optimizer = dict(type='SGD', lr=0.1, momentum=0.9, weight_decay=1e-3)
        cfg.merge_from_dict(
            {
                'work_dir': str(tmp_path / 'run'),
                # Adam would not tell a gradient from its double.
                'optim_wrapper.optimizer': dict(_delete_=True, **optimizer),
                'train_dataloader.batch_size': 8,
                'train_dataloader.num_workers': 0,
                'train_dataloader.dataset.indices': 64,
                'train_dataloader.dataset.data_root': str(digit_scenes),
                'train_cfg.max_epochs': 3,
                'default_hooks.logger': None,
                'default_hooks.checkpoint': dict(
                    _delete_=True, type='CheckpointHook', interval=1
                ),
                'log_level': 'WARNING',
                'launcher': 'pytorch',
                **options,
            }
        )
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
        cfg.test_cfg = cfg.test_dataloader = cfg.test_evaluator = None
        return cfg

    return make


def moved(before, after):
    """Name the states that differ."""
    return {name for name in before if not before[name].equal(after[name])}


@pytest.mark.parametrize('num_processes', [1, 2])
def test_the_backbone_moves_after_the_switch_only(
    spread, make_cfg, num_processes
):
    results = spread(train, num_processes, make_cfg())
    for result in results:
        start, linear, _, end = result['states']
        assert moved(start, linear) == {'head.fc.weight', 'head.fc.bias'}
        assert moved(linear, end) == set(start)
        # That of the Runner, of the phase, and of what follows.
        assert result['alive'] == [False, False, True]
        weights = {name for name in end if 'running' not in name}
        assert not moved(end, results[0]['states'][-1]) & weights


@pytest.mark.parametrize('hooks', [[], [dict(type='mmwsml.LinearInitHook')]])
def test_after_the_switch_all_is_as_without_the_hook(
    spread, make_cfg, tmp_path, hooks
):
    """Resumed at the switch: without the hook, and with it."""
    whole = spread(train, 2, make_cfg())
    again = spread(
        train,
        2,
        make_cfg(
            custom_hooks=hooks,
            resume=True,
            load_from=str(tmp_path / 'run' / 'epoch_1.pth'),
        ),
    )
    for one, other in zip(whole, again):
        assert other['alive'] == [True]
        assert not moved(one['states'][-1], other['states'][-1])


def test_resumed_within_the_phase(spread, make_cfg, tmp_path):
    hooks = dict(
        custom_hooks=[dict(type='mmwsml.LinearInitHook', num_epochs=2)]
    )
    whole = spread(train, 2, make_cfg(**hooks))
    path = str(tmp_path / 'run' / 'epoch_1.pth')
    again = spread(train, 2, make_cfg(resume=True, load_from=path, **hooks))
    for one, other in zip(whole, again):
        assert other['alive'] == [False, False, True]
        assert not moved(one['states'][-1], other['states'][-1])


def test_an_average_of_the_weights_follows(spread, make_cfg):
    hook = dict(type='EMAHook', momentum=0.5)
    linear = dict(type='mmwsml.LinearInitHook')
    for result in spread(train, 2, make_cfg(custom_hooks=[linear, hook])):
        expected = result['weights'][0]
        for weight in result['weights'][1:]:
            expected = (expected + weight) / 2
        average = result['average']['backbone.layers.0.weight']
        torch.testing.assert_close(average, expected)
        assert not average.equal(result['weights'][0])
