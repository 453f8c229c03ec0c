import pytest
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of

PROGRESS = dict(type='mmwsml.ProgressHook')
LOSS = dict(type='mmwsml.SelfPacedCorrection')


class Watcher(Hook):
    """Keep the progress of each step."""

    def __init__(self):
        self.seen = []

    def after_train_iter(self, runner, *args, **kwargs):
        self.seen.append(head_of(runner).loss_module.progress)


@pytest.mark.parametrize('wrapped', [False, True])
def test_every_step_knows_its_epoch(make_runner, wrapped):
    runner = make_runner([PROGRESS], dict(loss=LOSS), wrapped=wrapped)
    watcher = Watcher()
    runner.register_hook(watcher)
    runner.train()
    assert watcher.seen == [(1, 2)] * 4 + [(2, 2)] * 4


def test_an_epoch_may_be_so_many_iterations(make_runner):
    hook = dict(PROGRESS, by_epoch=False, iters_per_epoch=3)
    train_cfg = dict(by_epoch=False, max_iters=5)
    runner = make_runner([hook], dict(loss=LOSS), train_cfg=train_cfg)
    watcher = Watcher()
    runner.register_hook(watcher)
    runner.train()
    assert watcher.seen == [(1, 2)] * 3 + [(2, 2)] * 2


def test_refuses_a_loss_that_cannot_be_told(make_runner):
    runner = make_runner([PROGRESS], dict(type='MultiLabelLinearClsHead'))
    with pytest.raises(TypeError, match='needs a loss with a `progress`, any'):
        runner.train()


def test_a_loss_of_progress_without_the_hook_stops_at_once(make_runner):
    runner = make_runner(head=dict(loss=LOSS))
    with pytest.raises(RuntimeError, match='SelfPacedCorrection has no `prog'):
        runner.train()
    assert runner.iter == 0


def test_refuses_to_count_epochs_in_a_loop_of_iterations(make_runner):
    train_cfg = dict(by_epoch=False, max_iters=1)
    runner = make_runner([PROGRESS], dict(loss=LOSS), train_cfg=train_cfg)
    with pytest.raises(ValueError, match='ProgressHook counts epochs, but th'):
        runner.train()
