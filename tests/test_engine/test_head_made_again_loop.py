import pytest
import torch
from mmengine.hooks import EMAHook, Hook

from mmwsml.engine.head import head_of

HEAD = dict(type='mmwsml.MultinomialHead')
LOOP = dict(type='mmwsml.HeadMadeAgainLoop', max_epochs=3)
PIPELINE = [
    dict(type='mmwsml.LoadImage'),
    dict(type='mmwsml.PackPartialLabels'),
]
MAKE = dict(type='mmwsml.MultinomialDiscriminantHook', pipeline=PIPELINE)
AVERAGE = dict(type='EMAHook', momentum=0.1)
SAVE = dict(
    logger=None,
    plain_checkpoint=dict(type='mmwsml.PlainCheckpointHook'),
    checkpoint=dict(type='CheckpointHook', interval=1, max_keep_ckpts=-1),
)


class Watcher(Hook):
    """Keep the state after each epoch, before it is validated."""

    priority = 'LOWEST'

    def __init__(self):
        self.states, self.validated = [], []

    def after_train_epoch(self, runner):
        state = head_of(runner).state_dict()
        self.states.append({key: v.clone() for key, v in state.items()})

    def after_val_iter(self, runner, *args, **kwargs):
        self.validated.append(head_of(runner).fc.weight.clone())


def train(make_runner, hooks, **cfg):
    runner, watcher = (
        make_runner(hooks, HEAD, train_cfg=LOOP, **cfg),
        Watcher(),
    )
    runner.register_hook(watcher)
    runner.train()
    return runner, watcher.states, watcher.validated


def backbone_of(model):
    model = getattr(model, 'module', model)
    return [weight.clone() for weight in model.backbone.parameters()]


@pytest.mark.parametrize('wrapped', [False, True])
def test_the_last_epoch_makes_the_head_and_takes_no_step(make_runner, wrapped):
    runner, states, _ = train(make_runner, [MAKE], wrapped=wrapped)
    assert (runner.epoch, runner.iter) == (3, 8)
    assert [float(state['power']) for state in states] == [1, 1, 0.5]
    assert not torch.equal(states[0]['fc.weight'], states[1]['fc.weight'])
    assert states[2]['competition'].tolist() == [0.25] * 3


@pytest.mark.parametrize('wrapped', [False, True])
def test_an_average_becomes_the_model_and_gets_the_head(
    make_runner, val_cfg, tmp_path, wrapped
):
    runner, states, validated = train(
        make_runner,
        [AVERAGE, MAKE],
        default_hooks=SAVE,
        wrapped=wrapped,
        **val_cfg,
    )
    (hook,) = (h for h in runner.hooks if isinstance(h, EMAHook))
    work = tmp_path / 'work'
    before, after = (
        torch.load(work / f'epoch_{n}.pth', weights_only=False) for n in (2, 3)
    )
    for key, value in after['state_dict'].items():
        other = after['ema_state_dict'][f'module.{key}']
        assert torch.equal(value, other), key
        if key.startswith('backbone.') and 'num_batches' not in key:
            assert torch.equal(value, before['state_dict'][key]), key
    made = states[2]['fc.weight']
    assert torch.equal(validated[-1], made)
    assert torch.equal(hook.ema_model.module.head.fc.weight, made)
    assert not torch.equal(before['state_dict']['head.fc.weight'], made)


def test_a_run_resumed_after_training_makes_the_same_head(
    make_runner, tmp_path
):
    hooks = [AVERAGE, MAKE]
    _, states, _ = train(make_runner, hooks, default_hooks=SAVE)
    work = tmp_path / 'work'
    (work / 'epoch_3.pth').unlink()
    (work / 'last_checkpoint').write_text(str(work / 'epoch_2.pth'))
    runner, again, _ = train(
        make_runner, hooks, default_hooks=SAVE, resume=True
    )
    assert runner.epoch == 3 and len(again) == 1
    for key, value in again[0].items():
        assert torch.equal(value, states[2][key]), key


def test_a_clock_counts_its_steps(make_runner):
    hooks = [dict(type='mmwsml.ProgressHook'), MAKE]
    runner, *_ = train(make_runner, hooks)
    assert head_of(runner).told.progress == (2, 3)


def test_refuses_a_head_of_another_kind_before_it_trains(make_runner):
    runner = make_runner([MAKE], train_cfg=LOOP)
    with pytest.raises(TypeError, match='makes a MultinomialHead, but got Pa'):
        runner.train()
    assert runner.iter == 0
