import pytest
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of
from mmwsml.engine.hooks import ProgressHook

HEAD = dict(loss=dict(type='mmwsml.LargeLossRejection'))
SCHEDULE = dict(type='mmwsml.LargeLossScheduleHook', delta_rel=10)
PICTURES = dict(type='mmwsml.CorrectionPicturesHook')
LINEAR = dict(type='mmwsml.LinearInitHook', num_epochs=1)
RECORD = dict(type='mmwsml.RecordHook')
PROGRESS = dict(type='mmwsml.ProgressHook')


class Watcher(Hook):
    """Keep the epoch that the loss is told in each step."""

    def __init__(self):
        self.seen = []

    def after_train_iter(self, runner, *args, **kwargs):
        self.seen.append(head_of(runner).loss_module.progress)


def every(iters, hook):
    return dict(hook, by_epoch=False, iters_per_epoch=iters)


def train(make_runner, hooks):
    """Train; return the epochs of the steps, and what stopped them."""
    watcher = Watcher()
    runner = make_runner([*hooks, watcher], HEAD)
    try:
        runner.train()
    except ValueError as error:
        return watcher.seen, str(error)
    return watcher.seen, None


@pytest.mark.parametrize('first', [SCHEDULE, PROGRESS])
@pytest.mark.parametrize('second', [PROGRESS, PICTURES, RECORD, LINEAR])
def test_hooks_of_different_epochs_are_refused_before_the_first_step(
    make_runner, first, second
):
    hooks = [every(2, first), every(4, second)]
    if first is PROGRESS:
        hooks.append(every(2, SCHEDULE))
    seen, error = train(make_runner, hooks)
    assert seen == []
    names = [hook['type'].partition('.')[2] for hook in (first, second)]
    for name, iters in zip(names, (2, 4)):
        assert f'{name} counts epochs of {iters} iterations' in error
    assert 'set the same `by_epoch` and `iters_per_epoch` in both' in error


def test_epochs_of_the_loop_beside_epochs_of_iterations_are_refused(
    make_runner,
):
    seen, error = train(make_runner, [SCHEDULE, every(4, PICTURES)])
    assert seen == [] and 'counts the epochs of the train loop' in error


def test_hooks_of_the_same_epochs_train(make_runner):
    seen, error = train(make_runner, [every(3, SCHEDULE), every(3, RECORD)])
    assert error is None
    assert seen == [(1, 3)] * 3 + [(2, 3)] * 3 + [(3, 3)] * 2


@pytest.mark.parametrize('iters', [0, -1, 1.5, True, None])
def test_refuses_what_is_no_number_of_iterations(iters):
    with pytest.raises(ValueError, match='must be an integer of at least 1'):
        ProgressHook(by_epoch=False, iters_per_epoch=iters)


def test_an_epoch_may_be_a_single_iteration():
    assert ProgressHook(by_epoch=False, iters_per_epoch=1).iters_per_epoch == 1


def test_counts_the_epochs_of_the_loop_by_default():
    assert ProgressHook().by_epoch
