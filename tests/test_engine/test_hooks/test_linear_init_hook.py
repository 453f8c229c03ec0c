from copy import deepcopy

import pytest
from mmengine.hooks import Hook
from torch import nn

from mmwsml.engine import LinearInitHook

LINEAR = dict(type='mmwsml.LinearInitHook')
BY_ITER = dict(LINEAR, by_epoch=False, iters_per_epoch=3)
ITERS = dict(by_epoch=False, max_iters=8)


class Watcher(Hook):
    """Keep, for each step, what is trained and the state after it."""

    def __init__(self):
        self.training, self.trained, self.states = [], [], []

    def before_train(self, runner):
        self.states.append(deepcopy(runner.model.state_dict()))

    def before_train_iter(self, runner, *args, **kwargs):
        model = runner.model
        modules = dict(model.named_modules()).items()
        self.training.append({name for name, m in modules if m.training})

    def after_train_iter(self, runner, *args, **kwargs):
        named = runner.model.named_parameters()
        self.trained.append({name for name, p in named if p.requires_grad})
        self.states.append(deepcopy(runner.model.state_dict()))


def watch(runner):
    """Train; return what was seen."""
    watcher = Watcher()
    runner.register_hook(watcher, priority='VERY_LOW')
    runner.train()
    return watcher


def moved(before, after):
    """Name the states that differ."""
    return {name for name in before if not before[name].equal(after[name])}


@pytest.mark.parametrize(
    'optimizer',
    [
        dict(type='Adam', lr=1e-2, weight_decay=0.1),
        dict(type='SGD', lr=1e-2, momentum=0.9, weight_decay=0.1),
    ],
)
def test_only_the_head_moves_and_then_everything(make_runner, optimizer):
    wrapper = dict(optimizer=optimizer)
    seen = watch(make_runner([LINEAR], optim_wrapper=wrapper))
    head = {'head.fc.weight', 'head.fc.bias'}
    for step in range(4):
        assert moved(seen.states[step], seen.states[step + 1]) == head
        assert seen.trained[step] == head
    assert moved(seen.states[4], seen.states[5]) == set(seen.states[0])
    assert len(seen.trained[4]) == 8


class DroppingNeck(nn.Dropout):
    """Pool the feature map and drop some of it."""

    def forward(self, feats):
        return (super().forward(feats[-1].mean((2, 3))),)


@pytest.mark.parametrize(
    'run, switch',
    [
        (dict(hooks=[LINEAR]), 4),
        (dict(hooks=[BY_ITER], train_cfg=ITERS), 3),
    ],
)
def test_outside_the_head_nothing_is_in_training_mode(
    make_runner, run, switch
):
    runner = make_runner(**run)
    runner.model.neck = DroppingNeck()
    seen = watch(runner)
    for modules in seen.training[:switch]:
        assert {'', 'head', 'head.fc'} <= modules
        assert not [m for m in modules if m.startswith(('backbone', 'neck'))]
    for modules in seen.training[switch:]:
        assert {'backbone.layers.1', 'neck', 'head'} <= modules


def test_no_backward_pass_runs_through_the_backbone(make_runner):
    runner = make_runner([LINEAR])
    passes = []
    runner.model.backbone.register_forward_hook(
        lambda *args: passes.append(args[2][0].requires_grad)
    )
    runner.train()
    assert passes == [False] * 4 + [True] * 4


def test_by_iterations_the_switch_comes_within_a_pass(make_runner):
    hook = dict(BY_ITER, num_epochs=2)
    seen = watch(make_runner([hook], train_cfg=ITERS))
    assert [len(names) for names in seen.trained] == [2] * 6 + [8] * 2


def test_what_was_frozen_stays_frozen(make_runner):
    runner = make_runner([LINEAR])
    runner.model.backbone.layers[0].weight.requires_grad_(False)
    seen = watch(runner)
    assert 'backbone.layers.0.weight' not in seen.trained[-1]
    assert len(seen.trained[-1]) == 7


def test_stages_that_the_model_freezes_when_training_stay_frozen(
    make_runner, monkeypatch
):
    runner = make_runner([LINEAR])
    backbone = runner.model.backbone
    monkeypatch.setattr(  # as with `sync_bn`, which makes the norms anew
        'mmwsml.engine.hooks.linear_init_hook._wrap_anew',
        lambda runner: backbone.layers[1].train(),
    )

    def train(mode=True):  # as MobileNetV2 does
        nn.Module.train(backbone, mode)
        backbone.layers[0].weight.requires_grad_(False)
        backbone.layers[1].eval()
        return backbone

    backbone.train = train
    seen = watch(runner)
    assert 'backbone.layers.0.weight' not in seen.trained[-1]
    assert 'backbone.layers.1' not in seen.training[-1]
    assert 'backbone.layers.4' in seen.training[-1]


EPOCHS = dict(
    hooks=[dict(LINEAR, num_epochs=2)],
    train_cfg=dict(by_epoch=True, max_epochs=4),
)
ITERATIONS = dict(
    hooks=[BY_ITER],
    train_cfg=dict(type='mmwsml.ResumableIterLoop', max_iters=8),
    loader=dict(sampler=dict(type='mmwsml.EndlessSampler')),
)


@pytest.mark.parametrize(
    'run, name, num_steps',
    [
        (EPOCHS, 'epoch_1', 12),  # within the phase
        (EPOCHS, 'epoch_2', 8),  # at the switch
        (EPOCHS, 'epoch_3', 4),  # after it
        (ITERATIONS, 'iter_2', 6),
        (ITERATIONS, 'iter_3', 5),
        (ITERATIONS, 'iter_6', 2),
    ],
)
def test_a_resumed_run_equals_an_unbroken_one(
    make_runner, tmp_path, run, name, num_steps
):
    by_epoch = name.startswith('epoch')
    hooks = dict(
        logger=None,
        checkpoint=dict(type='CheckpointHook', interval=1, by_epoch=by_epoch),
        seed=dict(type='mmwsml.EpochSeedHook'),
        plain=dict(type='mmwsml.PlainCheckpointHook'),
    )
    whole = watch(make_runner(default_hooks=hooks, **run))
    resume = dict(
        resume=True, load_from=str(tmp_path / 'work' / f'{name}.pth')
    )
    again = watch(make_runner(default_hooks=hooks, **resume, **run))
    assert again.trained == whole.trained[-num_steps:]
    assert again.training == whole.training[-num_steps:]
    assert not moved(whole.states[-1], again.states[-1])


def test_an_average_of_the_weights_follows(make_runner):
    average = dict(type='EMAHook', momentum=0.5)
    runner = make_runner([LINEAR, average])
    before = deepcopy(runner.model.state_dict())
    runner.train()
    (hook,) = (h for h in runner.hooks if hasattr(h, 'ema_model'))
    after = hook.ema_model.module.state_dict()
    assert {'backbone.layers.0.weight', 'head.fc.weight'} <= moved(
        before, after
    )


def test_the_log_tells_the_phase_and_its_end(make_runner, tmp_path):
    make_runner([LINEAR], log_level='INFO').train()
    (path,) = (tmp_path / 'work').rglob('*.log')
    lines = [x for x in path.read_text().splitlines() if 'LinearInit:' in x]
    assert len(lines) == 2
    assert 'the head alone is trained for 1 epoch; 6 param' in lines[0]
    assert 'from epoch 2 the whole network is trained' in lines[1]


@pytest.mark.parametrize('num_epochs', [0, -1, 1.0, True, '1', None])
def test_the_number_of_epochs_must_be_a_positive_integer(num_epochs):
    with pytest.raises(ValueError, match='`num_epochs` must be an integer of'):
        LinearInitHook(num_epochs)


@pytest.mark.parametrize(
    'hook, cfg',
    [
        (dict(LINEAR, num_epochs=2), dict(by_epoch=True, max_epochs=2)),
        (dict(LINEAR, num_epochs=9), dict(by_epoch=True, max_epochs=2)),
        (dict(BY_ITER, num_epochs=3), ITERS),
    ],
)
def test_a_run_that_ends_before_the_switch_is_refused(make_runner, hook, cfg):
    runner = make_runner([hook], train_cfg=cfg)
    with pytest.raises(ValueError, match='the backbone would never be train'):
        runner.train()
    assert runner.iter == 0


def test_a_loop_without_epochs_is_refused(make_runner):
    runner = make_runner([LINEAR], train_cfg=ITERS)
    with pytest.raises(ValueError, match='LinearInitHook counts epochs, but'):
        runner.train()


def test_a_wrapper_that_the_runner_did_not_make_is_refused(make_runner):
    runner = make_runner([LINEAR], wrapped=True)
    with pytest.raises(TypeError, match='give the Runner the bare model'):
        runner.train()
    assert runner.iter == 0
    assert all(p.requires_grad for p in runner.model.parameters())
