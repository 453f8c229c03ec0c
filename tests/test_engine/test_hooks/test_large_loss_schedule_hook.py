import json
import math
from fractions import Fraction
from unittest.mock import Mock

import numpy as np
import pytest
from mmengine.hooks import Hook
from mmengine.runner import EpochBasedTrainLoop

from mmwsml.engine.head import head_of
from mmwsml.engine.hooks import LargeLossScheduleHook, large_loss_schedule_hook

REJECTION = dict(
    type='mmwsml.LargeLossRejection',
    selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
)
SCHEDULE = dict(type='mmwsml.LargeLossScheduleHook', delta_rel=10, begin=2)


class Watcher(Hook):
    """Keep the rate of each step."""

    def __init__(self):
        self.rates = []

    def after_train_iter(self, runner, *args, **kwargs):
        self.rates.append(head_of(runner).told.rate)


def percent_with_loops(delta_rel, begin, epoch):
    """Raise a linear rate epoch by epoch, from nothing, in percent."""
    percent = Fraction(0)
    for t in range(1, epoch + 1):
        if t >= begin:
            percent += Fraction(delta_rel)
    return min(percent, Fraction(100))


@pytest.mark.parametrize('delta_rel', ['0.1', '0.2', '1', '30', '100'])
@pytest.mark.parametrize('begin', [1, 2, 5])
def test_linear_rate_equals_the_rate_written_as_loops(delta_rel, begin):
    hook = LargeLossScheduleHook(float(delta_rel), begin)
    for t in range(1, 20):
        oracle = percent_with_loops(delta_rel, begin, t) / 100
        assert hook.rate(t) == oracle


@pytest.mark.parametrize('begin', [1, 2, 5])
def test_constant_rate_is_zero_before_it_begins(begin):
    hook = LargeLossScheduleHook(0.2, begin, schedule='constant')
    rates = [hook.rate(t) for t in range(1, 9)]
    assert rates[: begin - 1] == [0] * (begin - 1)
    assert set(rates[begin - 1 :]) == {Fraction(1, 500)}


def test_the_paper_modifies_from_the_second_epoch_on():
    hook = LargeLossScheduleHook(delta_rel=0.2)
    percent = [float(100 * hook.rate(t)) for t in (1, 2, 3, 10)]
    assert percent == [0, 0.2, 0.4, 1.8]


@pytest.mark.parametrize('delta_rel', ['0.2', None, True, [1], 1j])
def test_refuses_a_delta_rel_that_is_no_number(delta_rel):
    message = '`delta_rel` must be a number, but got'
    with pytest.raises(TypeError, match=message):
        LargeLossScheduleHook(delta_rel)


@pytest.mark.parametrize('delta_rel', [0, -1, 100.1, math.nan, math.inf])
def test_refuses_a_delta_rel_out_of_range(delta_rel):
    message = r'`delta_rel` must be in \(0, 100\], but got'
    with pytest.raises(ValueError, match=message):
        LargeLossScheduleHook(delta_rel)


@pytest.mark.parametrize(
    'delta_rel', [1, 100, 1e-7, np.float32(0.5), np.int64(1), Fraction(1, 2)]
)
def test_takes_any_number_in_range(delta_rel):
    rate = LargeLossScheduleHook(delta_rel).rate(2)
    assert float(rate) == pytest.approx(float(delta_rel) / 100)


@pytest.mark.parametrize('begin', [1.0, '2', None, True])
def test_refuses_a_begin_that_is_no_epoch(begin):
    with pytest.raises(TypeError, match='`begin` must be an epoch, but got'):
        LargeLossScheduleHook(1, begin)


@pytest.mark.parametrize('begin', [0, -1])
def test_refuses_a_begin_before_the_first_epoch(begin):
    with pytest.raises(ValueError, match='`begin` must be at least 1, but'):
        LargeLossScheduleHook(1, begin)


@pytest.mark.parametrize('schedule', ['cosine', None])
def test_refuses_an_unknown_schedule(schedule):
    message = "`schedule` must be 'linear' or 'constant', but got"
    with pytest.raises(ValueError, match=message):
        LargeLossScheduleHook(1, schedule=schedule)


@pytest.mark.parametrize('wrapped', [False, True])
def test_every_step_has_the_rate_of_its_epoch(make_runner, wrapped):
    head, watcher = dict(loss=REJECTION), Watcher()
    runner = make_runner([SCHEDULE], head, wrapped=wrapped)
    runner.register_hook(watcher)
    runner.train()
    assert watcher.rates == [0] * 4 + [Fraction(1, 10)] * 4
    logged, _ = runner.message_hub.get_scalar('train/rate_percent').data
    assert logged.tolist() == [0] * 4 + [10] * 4


def test_a_resumed_run_has_the_rate_of_its_epoch(make_runner, tmp_path):
    hooks = [dict(SCHEDULE, begin=1), dict(type='mmwsml.PlainCheckpointHook')]
    head, watcher = dict(loss=REJECTION), Watcher()
    make_runner(hooks, head).train()
    path = str(tmp_path / 'work' / 'epoch_1.pth')
    runner = make_runner(hooks, head, load_from=path, resume=True)
    runner.register_hook(watcher)
    runner.train()
    assert watcher.rates == [Fraction(2, 10)] * 4


def test_logs_how_many_labels_an_epoch_modified(make_runner, tmp_path):
    hooks = [dict(SCHEDULE, begin=1)]
    runner = make_runner(hooks, dict(loss=REJECTION))
    runner.train()
    (path,) = (tmp_path / 'work').rglob('scalars.json')
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    counts = {
        row['step']: row['train/num_modified']
        for row in rows
        if 'train/num_modified' in row
    }
    # Four batches of 15 entries, of which ten and twenty percent.
    assert counts == {1: 4 * 2, 2: 4 * 3}


@pytest.mark.parametrize(
    'head', [dict(), dict(type='MultiLabelLinearClsHead')]
)
def test_refuses_a_loss_without_a_rate(make_runner, head):
    runner = make_runner([SCHEDULE], head)
    message = 'needs a loss with a `rate`, such as .*: remove the hook or'
    with pytest.raises(TypeError, match=message):
        runner.train()
    assert runner.iter == 0


def test_refuses_to_count_the_epochs_of_a_loop_without(make_runner):
    by_iter = dict(by_epoch=False, max_iters=2)
    head = dict(loss=REJECTION)
    runner = make_runner([SCHEDULE], head, train_cfg=by_iter)
    with pytest.raises(ValueError, match='counts epochs, but the train loop'):
        runner.train()


BY_ITER = dict(SCHEDULE, by_epoch=False, iters_per_epoch=3)


@pytest.mark.parametrize('by_epoch', [False, True])
def test_t_grows_every_so_many_iterations_in_a_loop_of_any_kind(
    make_runner, by_epoch
):
    loops = [
        dict(by_epoch=False, max_iters=8),
        dict(by_epoch=True, max_epochs=2),
    ]
    head, watcher = dict(loss=REJECTION), Watcher()
    runner = make_runner([BY_ITER], head, train_cfg=loops[by_epoch])
    runner.register_hook(watcher)
    runner.train()
    tenth = Fraction(1, 10)
    assert watcher.rates == [0] * 3 + [tenth] * 3 + [2 * tenth] * 2
    assert head_of(runner).told.progress == (3, 3)


def test_logs_each_t_of_iterations(make_runner, tmp_path, caplog):
    hooks, head = [dict(BY_ITER, begin=1)], dict(loss=REJECTION)
    train_cfg = dict(by_epoch=False, max_iters=8)
    runner = make_runner(hooks, head, train_cfg=train_cfg, log_level='INFO')
    runner.train()
    (path,) = (tmp_path / 'work').rglob('*.log')
    log = path.read_text()
    for line in (
        'Epoch 1: modified 6 labels in 3 batches, 10 % of all',
        'Epoch 2: modified 9 labels in 3 batches, 20 % of all',
        'Epoch 3: modified 10 labels in 2 batches, 30 % of all',
    ):
        assert line in log


@pytest.mark.parametrize('iters', [None, 0, -1, 2.0, True])
def test_refuses_no_number_of_iterations(iters):
    message = '`iters_per_epoch` must be an integer of at least 1 where'
    with pytest.raises(ValueError, match=message):
        LargeLossScheduleHook(1, by_epoch=False, iters_per_epoch=iters)


def test_refuses_iterations_that_are_not_used():
    with pytest.raises(ValueError, match='leave it out, or set `by_epoch=F'):
        LargeLossScheduleHook(1, iters_per_epoch=10)


def test_a_large_loss_without_its_hook_stops_at_the_first_step(make_runner):
    runner = make_runner(head=dict(loss=REJECTION))
    message = "TopKSelection has no `rate`: add .*ScheduleHook', delta"
    with pytest.raises(RuntimeError, match=message):
        runner.train()
    assert runner.iter == 0


@pytest.mark.parametrize(
    'scope, world_size, warns',
    [('rank', 1, False), ('rank', 2, True), ('global', 2, False)],
)
def test_warns_that_processes_select_for_themselves(
    monkeypatch, scope, world_size, warns
):
    module = large_loss_schedule_hook
    monkeypatch.setattr(module, 'get_world_size', lambda: world_size)
    runner = Mock(train_loop=Mock(spec=EpochBasedTrainLoop), hooks=[])
    runner.model.head.loss_module.reads = ('rate',)
    runner.model.head.loss_module.selection.scope = scope
    LargeLossScheduleHook(1).before_train(runner)
    messages = [call.args[0] for call in runner.logger.warning.mock_calls]
    assert len(messages) == warns
    assert all('for itself (`scope="rank"`)' in text for text in messages)
