import pytest
import torch
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of

LOOP = dict(type='mmwsml.ClosedFormLoop', max_epochs=1)
SAVE = dict(
    logger=None,
    checkpoint=dict(type='CheckpointHook', interval=1, save_best='auto'),
)


class Counter(Hook):
    """Count what the loop calls."""

    def __init__(self):
        self.calls = []

    def before_train(self, runner):
        state = runner.model.state_dict()
        self.state = {key: value.clone() for key, value in state.items()}

    def before_train_epoch(self, runner):
        self.calls.append('before')

    def after_train_epoch(self, runner):
        self.calls.append('after')

    def after_train_iter(self, runner, *args, **kwargs):
        self.calls.append('step')

    def after_val_epoch(self, runner, metrics=None):
        self.calls.append('val')


def test_no_step_is_taken_and_what_follows_an_epoch_follows(
    make_runner, val_cfg, tmp_path
):
    hooks = dict(default_hooks=SAVE, train_cfg=LOOP)
    runner, counter = make_runner(**hooks, **val_cfg), Counter()
    runner.register_hook(counter)
    runner.train()
    assert counter.calls == ['before', 'after', 'val']
    assert (runner.epoch, runner.iter) == (1, 0)
    for key, value in runner.model.state_dict().items():
        assert torch.equal(value, counter.state[key])
    files = {path.name for path in (tmp_path / 'work').glob('*.pth')}
    assert files == {'epoch_1.pth', 'best_multi-label_mAP_epoch_1.pth'}


def test_a_run_that_is_done_stays_done(make_runner):
    save = dict(logger=None, checkpoint=dict(type='CheckpointHook'))
    hooks = dict(default_hooks=save, train_cfg=LOOP)
    make_runner(**hooks).train()
    runner, counter = make_runner(resume=True, **hooks), Counter()
    runner.register_hook(counter)
    runner.train()
    assert counter.calls == []


@pytest.mark.parametrize(
    'hook',
    [
        dict(type='mmwsml.LinearInitHook', num_epochs=1),
        dict(type='mmwsml.FullPassHook'),
        dict(type='mmwsml.RecordHook'),
    ],
)
def test_a_hook_that_waits_for_steps_is_refused(make_runner, hook):
    runner = make_runner([hook], train_cfg=LOOP)
    name = hook['type'].partition('.')[2]
    message = f'{name} acts on the steps .* ClosedFormLoop takes none: remove'
    with pytest.raises(ValueError, match=message):
        runner.train()


def test_the_clock_of_every_config_waits_for_nothing(make_runner):
    runner = make_runner([dict(type='mmwsml.ProgressHook')], train_cfg=LOOP)
    runner.train()
    assert head_of(runner).told.progress is None


def test_refuses_an_average_over_steps(make_runner):
    runner = make_runner([dict(type='EMAHook')], train_cfg=LOOP)
    with pytest.raises(ValueError, match='so that the average of EMAHook wou'):
        runner.train()
