import math
from fractions import Fraction
from unittest.mock import Mock

import numpy as np
import pytest
from mmengine.hooks import Hook
from mmengine.runner import EpochBasedTrainLoop

from mmwsml.engine.head import head_of
from mmwsml.engine.hidden_positives import HiddenPositives
from mmwsml.engine.hooks import (
    SelfTuningScheduleHook,
    self_tuning_schedule_hook,
)

SCHEDULE = dict(type='mmwsml.SelfTuningScheduleHook', kappa=1.6)


class Watcher(Hook):
    """Keep the rate of each step."""

    def __init__(self):
        self.rates = []

    def after_train_iter(self, runner, *args, **kwargs):
        self.rates.append(head_of(runner).told.rate)


@pytest.fixture
def train(make_runner):
    """Train; return the rate of the first step of each epoch."""

    def run(schedule, percent_of='all', max_epochs=5, **kwargs):
        selection = dict(type='mmwsml.TopKSelection', percent_of=percent_of)
        loss = dict(type='mmwsml.LargeLossRejection', selection=selection)
        hooks = [dict(type='mmwsml.PlainCheckpointHook'), schedule]
        train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
        kwargs.setdefault('train_cfg', train_cfg)
        runner = make_runner(hooks, dict(loss=loss), **kwargs)
        watcher = Watcher()
        runner.register_hook(watcher, priority='LOW')
        runner.train()
        return watcher.rates[::4]

    return run


def part_with_loops(percent_of, kappa):
    """Count the hidden share of conftest's twenty images of three classes."""
    hidden = unobserved = 0
    for k in range(3):
        positives = sum(n % 3 == k for n in range(20))
        negatives = sum((n + 1) % 3 == k for n in range(20))
        left = 20 - positives - negatives
        hidden += min((kappa - 1) * positives, left)
        unobserved += left
    return hidden / (unobserved if percent_of == 'unobserved' else 60)


@pytest.mark.parametrize('percent_of', ['all', 'unobserved'])
@pytest.mark.parametrize('share', [0.5, 1, 2])
@pytest.mark.parametrize('begin', [1, 2, 5])
def test_a_linear_rate_ends_at_what_is_hidden(train, percent_of, share, begin):
    rates = train(dict(SCHEDULE, share=share, begin=begin), percent_of)
    hidden = share * part_with_loops(percent_of, 1.6)
    for t, rate in enumerate(rates, 1):
        part = max(t - begin + 1, 0) / (5 - begin + 1)
        assert float(rate) == pytest.approx(min(part * hidden, 1))
    assert len(rates) == 5


@pytest.mark.parametrize('begin', [1, 3])
def test_constant_rates_add_up_to_what_is_hidden(train, begin):
    rates = train(dict(SCHEDULE, begin=begin, schedule='constant'))
    assert float(sum(rates)) == pytest.approx(part_with_loops('all', 1.6))
    assert rates[: begin - 1] == [0] * (begin - 1)
    assert len(set(rates[begin - 1 :])) == 1


def test_refuses_to_guess_how_many_are_hidden(train):
    with pytest.raises(ValueError, match='give the hook `kappa`'):
        train(dict(SCHEDULE, kappa=None))


def test_an_epoch_may_be_so_many_iterations(train):
    schedule = dict(SCHEDULE, by_epoch=False, iters_per_epoch=4)
    train_cfg = dict(by_epoch=False, max_iters=11)
    rates = train(schedule, train_cfg=train_cfg)
    hidden = part_with_loops('all', 1.6)
    assert [float(r) for r in rates] == pytest.approx([0, hidden / 2, hidden])


def test_a_repeated_image_counts_once(train, dataset_cfg):
    repeated = dict(type='RepeatDataset', dataset=dataset_cfg, times=2)
    rates = train(SCHEDULE, dataset=repeated)
    assert float(rates[-1]) == pytest.approx(part_with_loops('all', 1.6))


@pytest.fixture
def begin(monkeypatch):
    """Begin a run of five epochs with an estimate of three classes."""

    def call(count, num_unobserved):
        estimate = HiddenPositives(
            np.array(count), np.array(num_unobserved), None, 20, 'a dream'
        )
        monkeypatch.setattr(
            self_tuning_schedule_hook, 'estimate_hidden', lambda *_: estimate
        )
        loop = Mock(spec=EpochBasedTrainLoop)
        runner = Mock(train_loop=loop, hooks=[], epoch=0, max_epochs=5)
        runner.model.head.loss_module.reads = ('rate',)
        hook = SelfTuningScheduleHook()
        hook.before_train(runner)
        return hook, runner

    return call


def test_a_single_unobserved_label_may_be_hidden(begin):
    hook, _ = begin([0.0, 1, 0], [0, 1, 0])
    assert [float(hook.rate(t)) for t in (1, 2, 5)] == [0, 1 / 4, 1]


@pytest.mark.parametrize('num_unobserved', [[1, 1, 1], [0, 0, 0]])
def test_warns_where_nothing_seems_to_be_hidden(begin, num_unobserved):
    hook, runner = begin([0.0, 0, 0], num_unobserved)
    (call,) = runner.logger.warning.mock_calls
    assert 'no positives seem to be hidden' in call.args[0]
    assert hook.rate(5) == 0


def test_a_resumed_run_has_the_rates_of_an_unbroken_one(train, tmp_path):
    unbroken = train(SCHEDULE)
    path = str(tmp_path / 'work' / 'epoch_3.pth')
    assert train(SCHEDULE, load_from=path, resume=True) == unbroken[3:]


def test_logs_the_estimate_and_delta_rel(train, tmp_path):
    train(SCHEDULE, log_level='INFO')
    (path,) = (tmp_path / 'work').rglob('*.log')
    assert (
        'Hidden positives, estimated from kappa=1.6 and the observed '
        'positives: 12 of 20 unobserved labels; delta_rel = 5 %.'
    ) in path.read_text()


def test_delta_rel_is_an_exact_fraction(make_runner):
    selection = dict(type='mmwsml.TopKSelection', percent_of='all')
    loss = dict(type='mmwsml.LargeLossRejection', selection=selection)
    runner = make_runner([SCHEDULE], dict(loss=loss))
    runner.train()
    (hook,) = (
        h for h in runner.hooks if isinstance(h, SelfTuningScheduleHook)
    )
    assert isinstance(hook.delta_rel, Fraction)
    assert hook.rate(2) == hook.delta_rel / 100


def test_refuses_to_begin_after_the_run(train):
    message = 'begins in epoch 6, but the run has 5: set `begin` to 5 at most'
    with pytest.raises(ValueError, match=message):
        train(dict(SCHEDULE, begin=6))


def test_refuses_a_loss_without_a_rate(make_runner):
    with pytest.raises(TypeError, match='needs a loss with a `rate`'):
        make_runner([SCHEDULE]).train()


@pytest.mark.parametrize('share', [0, -1, 2.1, math.nan])
def test_refuses_a_share_out_of_range(share):
    with pytest.raises(ValueError, match=r'`share` must be in \(0, 2\], but'):
        SelfTuningScheduleHook(share=share)


@pytest.mark.parametrize('kappa', [0, -2, math.inf, math.nan])
def test_refuses_a_kappa_out_of_range(kappa):
    with pytest.raises(ValueError, match='`kappa` must be a number of pos'):
        SelfTuningScheduleHook(kappa=kappa)
