"""What is hidden, where validation has positives alone."""

import numpy as np
import pytest
import torch

from mmwsml.engine.hidden_positives import of_shares
from mmwsml.engine.hooks import class_wise_schedule_hook
from mmwsml.engine.scored_positives import (
    SHARES,
    estimate_by_scores,
    has_positives_alone,
)

LL_R = dict(
    loss=dict(
        type='mmwsml.LargeLossRejection',
        selection=dict(type='mmwsml.ClassWiseSelection', step=1.0),
    )
)
HOOKS = [
    dict(type='mmwsml.EpochSeedHook'),
    dict(type='mmwsml.LabelStoreHook'),
    dict(type='mmwsml.PlainCheckpointHook'),
]


@pytest.fixture
def positives(val_cfg, write_positives):
    """Describe validation on positives alone."""
    val_cfg['val_dataloader']['dataset'].update(
        ann_file=write_positives(), labels='partial'
    )
    return val_cfg


def test_positives_alone_are_told_apart(make_runner, positives):
    assert has_positives_alone(make_runner(**positives))
    assert not has_positives_alone(make_runner())


def test_complete_labels_are_none_of_them(make_runner, val_cfg):
    assert not has_positives_alone(make_runner(**val_cfg))


def test_the_estimate_is_kept_for_a_resumed_run(make_runner, positives):
    runner = make_runner(head=LL_R, **positives)
    runner.train_loop  # builds the data sets  # noqa: B018
    hidden = estimate_by_scores(runner)
    shares = np.array(runner.message_hub.get_info(SHARES))
    assert ((shares > 0) & (shares <= 1)).all()
    expected = (20 * shares - hidden.num_observed).clip(
        0, hidden.num_unobserved
    )
    assert hidden.count == pytest.approx(expected)
    runner.message_hub.update_info(SHARES, [1.0, 1.0, 1.0])
    again = estimate_by_scores(runner)
    assert again.count.tolist() == again.num_unobserved.tolist()


def train(make_runner, positives, settings=None, **schedule):
    hook = dict(type='mmwsml.ClassWiseScheduleHook', **schedule)
    runner = make_runner(
        [*HOOKS, hook],
        LL_R,
        train_cfg=dict(by_epoch=True, max_epochs=3),
        **positives,
        **(settings or {}),
    )
    runner.train()
    return runner


def test_class_wise_ll_r_trains_without_complete_labels(
    make_runner, positives, capsys
):
    """It was refused: there were no complete validation labels."""
    positives['val_evaluator'] = dict(type='mmwsml.PositiveUnlabeledMetric')
    runner = train(make_runner, positives)
    assert SHARES in runner.message_hub.runtime_info
    assert runner.message_hub.get_scalar('val/multi-label/pu_AUC').current()
    text = capsys.readouterr().out
    assert 'No validation image shows more than one label' in text


def test_an_untrained_model_is_not_asked(make_runner, positives):
    with pytest.raises(ValueError, match='set `begin` to 2 at least, or give'):
        train(make_runner, positives, begin=1)


def test_the_pass_leaves_training_as_it_is(
    make_runner, positives, monkeypatch
):
    """Its random numbers and batch statistics are those of a run without."""
    positives['val_evaluator'] = dict(type='mmwsml.PositiveUnlabeledMetric')
    asked = train(make_runner, positives)
    shares = np.array(asked.message_hub.get_info(SHARES))
    monkeypatch.setattr(
        class_wise_schedule_hook,
        'estimate_by_scores',
        lambda runner: of_shares(runner, shares, 'no pass'),
    )
    told = train(make_runner, positives)
    for one, two in zip(asked.model.parameters(), told.model.parameters()):
        assert one.equal(two)


@pytest.mark.parametrize('epoch', [1, 2])
def test_a_resumed_run_ends_as_an_unbroken_one(
    make_runner, positives, tmp_path, epoch
):
    """Before the estimate it is made again, after it the same is kept."""
    positives['val_evaluator'] = dict(type='mmwsml.PositiveUnlabeledMetric')
    shares = train(make_runner, positives).message_hub.get_info(SHARES)
    last = tmp_path / 'work' / 'epoch_3.pth'
    whole = torch.load(last, weights_only=True)['state_dict']
    checkpoint = str(tmp_path / 'work' / f'epoch_{epoch}.pth')
    settings = dict(load_from=checkpoint, resume=True)
    resumed = train(make_runner, positives, settings)
    assert resumed.message_hub.get_info(SHARES) == shares
    again = torch.load(last, weights_only=True)['state_dict']
    for name, tensor in whole.items():
        assert tensor.equal(again[name])
