import pytest
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of
from mmwsml.engine.hooks import ProgressHook

SPLC = dict(loss=dict(type='mmwsml.SelfPacedCorrection'))
LL_R = dict(loss=dict(type='mmwsml.LargeLossRejection'))
SCHEDULE = dict(type='mmwsml.LargeLossScheduleHook', delta_rel=10)
PICTURES = dict(type='mmwsml.CorrectionPicturesHook')
LINEAR = dict(type='mmwsml.LinearInitHook', num_epochs=1)
RECORD = dict(type='mmwsml.RecordHook')
PROGRESS = dict(type='mmwsml.ProgressHook')
BY_ITER = dict(by_epoch=False, max_iters=5)


class Watcher(Hook):
    """Keep the progress of each step."""

    def __init__(self):
        self.seen = []

    def after_train_iter(self, runner, *args, **kwargs):
        self.seen.append(head_of(runner).told.progress)


def every(iters, hook):
    return dict(hook, by_epoch=False, iters_per_epoch=iters)


@pytest.fixture
def train(make_runner):
    """Train; return the epochs of the steps, and what stopped them."""

    def run(hooks, head=LL_R, **kwargs):
        watcher = Watcher()
        runner = make_runner([*hooks, watcher], head, **kwargs)
        try:
            runner.train()
        except ValueError as error:
            return watcher.seen, str(error)
        return watcher.seen, None

    return run


@pytest.mark.parametrize('wrapped', [False, True])
def test_every_step_knows_its_epoch(train, wrapped):
    seen, _ = train([PROGRESS], SPLC, wrapped=wrapped)
    assert seen == [(1, 2)] * 4 + [(2, 2)] * 4


def test_an_epoch_may_be_so_many_iterations(train):
    seen, _ = train([every(3, PROGRESS)], SPLC, train_cfg=BY_ITER)
    assert seen == [(1, 2)] * 3 + [(2, 2)] * 2


@pytest.mark.parametrize('train_cfg', [None, BY_ITER])
def test_is_no_matter_to_a_head_that_nobody_tells(make_runner, train_cfg):
    options = {} if train_cfg is None else dict(train_cfg=train_cfg)
    head = dict(type='MultiLabelLinearClsHead')
    make_runner([PROGRESS], head, **options).train()


def test_a_loop_of_iterations_needs_no_epochs_where_nobody_reads_them(train):
    seen, error = train([PROGRESS], {}, train_cfg=BY_ITER)
    assert error is None and seen == [None] * 5


def test_a_loss_of_progress_without_the_hook_stops_at_once(make_runner):
    runner = make_runner(head=SPLC)
    with pytest.raises(RuntimeError, match='SelfPacedCorrection has no `prog'):
        runner.train()
    assert runner.iter == 0


def test_refuses_to_count_epochs_in_a_loop_of_iterations(train):
    seen, error = train([PROGRESS], SPLC, train_cfg=BY_ITER)
    assert seen == []
    assert error.startswith('ProgressHook counts epochs, but the train loop')
    assert "`default_hooks.progress=dict(type='mmwsml.ProgressHook', " in error


@pytest.mark.parametrize('hook', [SCHEDULE, RECORD, PICTURES, LINEAR])
@pytest.mark.parametrize('clock', [[PROGRESS], [every(3, PROGRESS)], []])
def test_one_clock_counts_for_all_hooks(train, hook, clock):
    """A hook alone begins one; all count what one of them says."""
    others = [] if hook is SCHEDULE else [hook]
    seen, error = train([SCHEDULE, *others, *clock])
    assert error is None
    if clock and clock[0] is not PROGRESS:
        assert seen == [(1, 3)] * 3 + [(2, 3)] * 3 + [(3, 3)] * 2
    else:
        assert seen == [(1, 2)] * 4 + [(2, 2)] * 4


@pytest.mark.parametrize('hook', [SCHEDULE, RECORD, PICTURES, LINEAR])
def test_any_hook_may_set_the_clock(train, hook):
    """As configs did when each hook counted for itself."""
    hooks = [PROGRESS, every(3, hook)]
    seen, error = train(hooks if hook is SCHEDULE else [SCHEDULE, *hooks])
    assert error is None
    assert seen == [(1, 3)] * 3 + [(2, 3)] * 3 + [(3, 3)] * 2


@pytest.mark.parametrize('first', [SCHEDULE, PROGRESS])
@pytest.mark.parametrize('second', [PROGRESS, PICTURES, RECORD, LINEAR])
def test_hooks_of_different_epochs_are_refused_before_the_first_step(
    train, first, second
):
    hooks = [every(2, first), every(4, second)]
    if first is PROGRESS:
        hooks.append(every(2, SCHEDULE))
    seen, error = train(hooks)
    assert seen == []
    names = [hook['type'].partition('.')[2] for hook in (first, second)]
    for name, iters in zip(names, (2, 4)):
        assert f'{name} counts epochs of {iters} iterations' in error
    assert 'set `iters_per_epoch` once, in mmwsml.ProgressHook' in error


def test_hooks_of_the_same_epochs_train(train):
    seen, error = train([every(3, SCHEDULE), every(3, RECORD)])
    assert error is None
    assert seen == [(1, 3)] * 3 + [(2, 3)] * 3 + [(3, 3)] * 2


@pytest.mark.parametrize('iters', [0, -1, 1.5, True, None])
def test_refuses_what_is_no_number_of_iterations(iters):
    with pytest.raises(ValueError, match='must be an integer of at least 1'):
        ProgressHook(by_epoch=False, iters_per_epoch=iters)


def test_an_epoch_may_be_a_single_iteration():
    assert ProgressHook(by_epoch=False, iters_per_epoch=1).iters_per_epoch == 1


def test_counts_the_epochs_of_the_loop_by_default():
    assert ProgressHook().iters_per_epoch is None


def test_a_loop_without_steps_ends_its_epochs(make_runner):
    loop = dict(type='mmwsml.ClosedFormLoop', max_epochs=1)
    runner = make_runner([PROGRESS], train_cfg=loop)
    runner.train()
    assert runner.epoch == 1
