import math

import pytest
import torch
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of
from mmwsml.engine.hooks import PropensityHook

HOOKS = [
    dict(type='mmwsml.EpochSeedHook'),
    dict(type='mmwsml.LabelStoreHook'),
    dict(type='mmwsml.PlainCheckpointHook'),
]
HOOK = dict(type='mmwsml.PropensityHook', kappa=1.6)
AN = dict(loss=dict(type='mmwsml.AssumeNegative'))


class Watcher(Hook):
    """Keep what the head was told, step by step."""

    def __init__(self):
        self.seen = []

    def after_train_iter(self, runner, *args, **kwargs):
        self.seen.append(head_of(runner).inverse_propensity.tolist())


@pytest.fixture
def targets(make_runner):
    """Train an epoch; return the targets of the classes in each step."""

    def run(*hooks, head=AN, **kwargs):
        runner = make_runner([*HOOKS, *hooks], head, **kwargs)
        watcher = Watcher()
        runner.register_hook(watcher, priority='LOW')
        runner.train()
        return watcher.seen

    return run


@pytest.mark.parametrize('kappa', [1.2, 1.6, 9.0])
def test_a_positive_stands_for_its_share_of_the_hidden_ones(targets, kappa):
    expected = []
    for k in range(3):  # conftest's twenty images, by a loop
        positives = sum(n % 3 == k for n in range(20))
        unobserved = 20 - positives - sum((n + 1) % 3 == k for n in range(20))
        hidden = min((kappa - 1) * positives, unobserved)
        expected.append((positives + hidden) / positives)
    seen = targets(dict(HOOK, kappa=kappa))
    assert seen
    for target in seen:
        assert target == pytest.approx(expected)


def test_no_positive_stands_for_more_than_the_limit(targets):
    seen = targets(dict(HOOK, kappa=1.6, limit=1.5))
    assert seen[0] == pytest.approx([1.5] * 3)


def test_validation_labels_tell_what_a_positive_stands_for(
    targets, val_cfg, complete
):
    expected = []
    for k in range(3):
        positives = sum(n % 3 == k for n in range(20))
        unobserved = 20 - positives - sum((n + 1) % 3 == k for n in range(20))
        total = 20 * sum(k in labels for labels in complete) / len(complete)
        hidden = min(max(total - positives, 0), unobserved)
        expected.append(1 + hidden / positives)
    assert len(set(expected)) > 1
    seen = targets(dict(type='mmwsml.PropensityHook'), **val_cfg)
    assert seen[0] == pytest.approx(expected)


def test_a_class_without_observed_positives_is_left_alone(
    targets, dataset_cfg, val_cfg
):
    few = dict(dataset_cfg, indices=[0, 3])  # positives of the first class
    hook = dict(type='mmwsml.PropensityHook')
    for target in targets(hook, dataset=few, **val_cfg):
        assert target[0] == 1 and target[2] == 1  # of 2, 0 observed positives


def test_a_resumed_run_is_told_the_same(targets):
    whole, longer = targets(HOOK), dict(by_epoch=True, max_epochs=3)
    rest = targets(HOOK, resume=True, train_cfg=longer)
    assert 0 < len(rest) < len(whole)
    assert rest[0] == whole[0]


@pytest.mark.parametrize('name', ['Rejection', 'Correction'])
def test_goes_with_a_large_loss(targets, name):
    loss = dict(type=f'mmwsml.LargeLoss{name}')
    loss['selection'] = dict(type='mmwsml.ClassWiseSelection')
    schedule = dict(type='mmwsml.ClassWiseScheduleHook', kappa=1.6)
    seen = targets(schedule, HOOK, head=dict(loss=loss))
    assert seen[0] == pytest.approx([1.6] * 3)


def test_the_log_names_the_range_and_its_source(make_runner):
    runner = make_runner([*HOOKS, HOOK], AN)
    lines = []
    runner.logger.info = lines.append
    runner.train()
    line = next(line for line in lines if 'stands for' in line)
    assert '1.60 to 1.60 positives' in line and 'kappa=1.6' in line


def test_goes_with_a_label_store(targets):
    loss = dict(type='mmwsml.LargeLossCorrection')
    head = dict(loss=loss, label_store=dict(type='mmwsml.LabelMemory'))
    schedule = dict(type='mmwsml.LargeLossScheduleHook', delta_rel=1)
    seen = targets(schedule, HOOK, head=head)
    assert seen[0] == pytest.approx([1.6] * 3)


def test_refuses_complete_labels(targets, dataset_cfg):
    head = dict(loss=dict(type='mmwsml.FullLabel'), labels='complete')
    with pytest.raises(TypeError, match="PartialLabelHead with 'complete': r"):
        targets(HOOK, head=head)


def test_refuses_to_guess_how_many_are_hidden(targets):
    with pytest.raises(ValueError, match='give the hook `kappa`'):
        targets(dict(type='mmwsml.PropensityHook'))


@pytest.mark.parametrize('kappa', [0, -2, math.inf, math.nan])
def test_refuses_a_kappa_out_of_range(kappa):
    with pytest.raises(ValueError, match='`kappa` must be finite and above 0'):
        PropensityHook(kappa)


@pytest.mark.parametrize('limit', [0.9, -1, math.inf, math.nan])
def test_refuses_a_limit_out_of_range(limit):
    with pytest.raises(ValueError, match='`limit` must be finite and at leas'):
        PropensityHook(limit=limit)


def test_what_the_head_is_told_is_no_state(make_runner):
    runner = make_runner([*HOOKS, HOOK], AN)
    before = set(head_of(runner).state_dict())
    runner.train()
    assert set(head_of(runner).state_dict()) == before
    assert torch.is_tensor(head_of(runner).inverse_propensity)
