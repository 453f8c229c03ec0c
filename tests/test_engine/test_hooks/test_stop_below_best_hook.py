import math
from types import SimpleNamespace

import pytest
import torch
from mmengine.evaluator import BaseMetric, Evaluator
from mmengine.logging import MessageHub

from mmwsml.engine import StopBelowBestHook
from mmwsml.engine.hooks.resumed_validation_hook import VALIDATED

PLAIN = dict(type='mmwsml.PlainCheckpointHook')
BEST = dict(type='CheckpointHook', save_best='toy/mAP', rule='greater')
ENDLESS = dict(sampler=dict(type='mmwsml.EndlessSampler'))
VAL = dict(batch_size=20, num_workers=0)
VAL['sampler'] = dict(type='DefaultSampler', shuffle=False)
BY_ITER = dict(type='mmwsml.ResumableIterLoop', val_interval=4)


class Scripted(BaseMetric):
    """Give one value after another, by the epochs that were trained."""

    default_prefix = 'toy'

    def __init__(self, values):
        super().__init__()
        self.values, self.epochs = values, []

    def process(self, data_batch, data_samples):
        self.results.append(0)

    def compute_metrics(self, results):
        epochs = MessageHub.get_current_instance().get_info(VALIDATED) // 4
        self.epochs.append(epochs)
        return dict(mAP=self.values[epochs - 1])


@pytest.fixture
def bare_run():
    """Stand for a Runner, with what the decision looks at."""
    messages = []
    return SimpleNamespace(
        iter=12,
        message_hub=MessageHub('bare'),
        train_loop=SimpleNamespace(stop_training=False),
        val_loop='some',
        messages=messages,
        logger=SimpleNamespace(info=messages.append, warning=messages.append),
    )


@pytest.fixture
def run(make_runner, dataset_cfg):
    """Return a maker of trained runs of up to eight epochs."""

    def run(values, by_epoch=True, margin=3, start=None, val=None):
        metric = Scripted(values)
        stop = dict(type='mmwsml.StopBelowBestHook', monitor='toy/mAP')
        loop = dict(by_epoch=True, max_epochs=8, **(val or {}))
        best = dict(BEST, by_epoch=by_epoch, interval=1 if by_epoch else 4)
        runner = make_runner(
            [PLAIN, dict(stop, margin=margin)],
            loader={} if by_epoch else ENDLESS,
            train_cfg=loop if by_epoch else dict(BY_ITER, max_iters=32),
            val_dataloader=VAL | dict(dataset=dataset_cfg),
            val_evaluator=Evaluator([metric]),
            val_cfg=dict(),
            default_hooks=dict(logger=None, checkpoint=best),
            load_from=start,
            resume=start is not None,
        )
        runner.train()
        return runner, metric

    return run


@pytest.mark.parametrize(
    'values, margin, stops_after',
    [
        ([50, 54, 52, 50.9, 60], 3, 4),
        ([50, 54, 51, 55, 52], 3, None),  # 3 below is not more
        ([54, 53.9, 60], 0, 2),
        ([50, 40, 70], 10.5, None),
        ([math.nan, 54, math.nan, 51.5, 50, 60], 3, 5),
    ],
)
def test_stops_where_best_minus_current_exceeds_the_margin(
    bare_run, values, margin, stops_after
):
    hook = StopBelowBestHook('toy/mAP', margin)
    hook.before_train(bare_run)
    stops = []
    for value in values:
        bare_run.message_hub.update_scalar('val/toy/mAP', value)
        hook.after_val_epoch(bare_run, {'toy/mAP': value})
        stops.append(bare_run.train_loop.stop_training)
    expected = [bool(stops_after and n >= stops_after) for n in range(1, 7)]
    assert stops == expected[: len(values)]


def test_the_log_says_why(bare_run):
    for value in (50, 60.127, 57.1):
        bare_run.message_hub.update_scalar('val/toy/mAP', value)
    StopBelowBestHook('toy/mAP').before_train(bare_run)
    assert bare_run.messages == [
        'Training stops after iteration 12: toy/mAP is 57.10, more than 3 '
        'below the best, 60.13.'
    ]


def test_a_run_without_validation_is_warned(bare_run):
    bare_run.val_loop = None
    StopBelowBestHook().before_train(bare_run)
    assert 'StopBelowBestHook never stops it' in bare_run.messages[0]


def test_a_validation_outside_training_decides_nothing(bare_run):
    hook = StopBelowBestHook('toy/mAP')
    hook.before_val_epoch(bare_run)
    for value in (60, 50):
        bare_run.message_hub.update_scalar('val/toy/mAP', value)
        hook.after_val_epoch(bare_run, {'toy/mAP': value})
    assert not bare_run.train_loop.stop_training
    assert not bare_run.message_hub.runtime_info


VALUES = [50, 60, 58, 56.5, 70, 70, 70, 70]  # stops after epoch 4


@pytest.mark.parametrize(
    'epoch, by_epoch',
    [
        (2, True),
        (3, False),
        *(
            pytest.param(epoch, by_epoch, marks=pytest.mark.slow)
            for epoch, by_epoch in [(1, True), (3, True), (4, True)]
            + [(2, False), (4, False)]
        ),
    ],
)
def test_a_resumed_run_stops_as_the_unbroken_one(
    run, tmp_path, epoch, by_epoch
):
    whole, _ = run(VALUES, by_epoch)
    work = tmp_path / 'work'
    name = f'epoch_{epoch}.pth' if by_epoch else f'iter_{4 * epoch}.pth'
    again, metric = run(VALUES, by_epoch, start=str(work / name))
    # MMEngine saves a new best again, with its validation; others lack it.
    first = epoch + (epoch in (1, 2))
    assert metric.epochs == list(range(first, 5))
    assert whole.iter == again.iter == 16
    histories = [
        runner.message_hub.log_scalars['val/toy/mAP'].data[0].tolist()
        for runner in (whole, again)
    ]
    assert histories[0] == histories[1] == VALUES[:4]
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, again.model.state_dict()[name])
    bests = [r.message_hub.get_info('best_score') for r in (whole, again)]
    assert bests == [60, 60]


@pytest.mark.slow
def test_a_best_checkpoint_knows_its_validation(run, tmp_path):
    run(VALUES)
    (best,) = (tmp_path / 'work').glob('best_*.pth')
    _, metric = run(VALUES, start=str(best))
    assert metric.epochs == [3, 4]


@pytest.mark.slow
def test_a_run_that_does_not_validate_in_every_epoch(run, tmp_path):
    rare = dict(val_begin=2, val_interval=2)
    runner, metric = run([0, 60, 0, 56, 60, 60, 60, 60], val=rare)
    assert metric.epochs == [2, 4] and runner.epoch == 4
    start = str(tmp_path / 'work' / 'epoch_3.pth')
    runner, metric = run([0, 60, 0, 59, 60, 60, 60, 60], val=rare, start=start)
    assert metric.epochs == [4, 6, 8]


def test_an_unknown_metric_is_named_with_those_there_are():
    hook = StopBelowBestHook(monitor='map')
    with pytest.raises(ValueError, match=r"='map', but .* \['a', 'b'\]: choo"):
        hook.after_val_epoch(None, dict(b=1.0, a=2.0))


@pytest.mark.parametrize('margin', [-0.1, math.inf, math.nan])
def test_a_margin_must_be_finite_and_not_negative(margin):
    with pytest.raises(ValueError, match='`margin` must be finite and at lea'):
        StopBelowBestHook(margin=margin)


@pytest.mark.parametrize('margin', ['3', None, True])
def test_a_margin_must_be_a_number(margin):
    with pytest.raises(TypeError, match='`margin` must be a number, but got'):
        StopBelowBestHook(margin=margin)
