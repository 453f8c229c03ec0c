import math
from unittest.mock import MagicMock

import numpy as np
import pytest
import torch
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of
from mmwsml.engine.hidden_positives import HiddenPositives
from mmwsml.engine.hooks import ClassWiseScheduleHook

HOOKS = [
    dict(type='mmwsml.EpochSeedHook'),
    dict(type='mmwsml.LabelStoreHook'),
    dict(type='mmwsml.PlainCheckpointHook'),
]
SCHEDULE = dict(type='mmwsml.ClassWiseScheduleHook', kappa=1.6)
SELECTION = dict(type='mmwsml.ClassWiseSelection', step=1.0)
LL_R = dict(loss=dict(type='mmwsml.LargeLossRejection', selection=SELECTION))
LL_CP = dict(
    loss=dict(type='mmwsml.LargeLossCorrection', selection=SELECTION),
    label_store=dict(type='mmwsml.LabelMemory'),
)


class Watcher(Hook):
    """Keep what the schedule has set for each step, and its effect."""

    def __init__(self):
        self.shares, self.actives, self.modified = [], [], []
        self.thresholds = []

    def before_train_epoch(self, runner):
        selection = head_of(runner).loss_module.selection
        self.thresholds.append(selection.threshold.clone())

    def after_train_iter(self, runner, *args, **kwargs):
        head = head_of(runner)
        self.shares.append(head.told.shares.clone())
        self.actives.append(not head.told.warm_up)
        self.modified.append(head.last_step.modified.sum(0))


@pytest.fixture
def train(make_runner):
    """Train; return the runner and what was seen."""

    def run(schedule=SCHEDULE, head=LL_R, max_epochs=5, **kwargs):
        train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
        kwargs.setdefault('train_cfg', train_cfg)
        runner = make_runner([*HOOKS, schedule], head, **kwargs)
        watcher = Watcher()
        runner.register_hook(watcher, priority='LOW')
        runner.train()
        return runner, watcher

    return run


def share_with_loops(k, epoch, kappa, corrected=0, share=1, begin=2, ramp=3):
    """Compute the share of one class of conftest's twenty images."""
    positives = sum(n % 3 == k for n in range(20))
    negatives = sum((n + 1) % 3 == k for n in range(20))
    unobserved = 20 - positives - negatives
    hidden = min((kappa - 1) * positives, unobserved)
    part = 0
    for t in range(1, max(epoch, begin) + 1):
        if t >= begin:
            part = min(1, part + 1 / ramp)
    wanted = share * part * hidden - corrected
    return min(max(wanted / max(unobserved - corrected, 1), 0), 1)


@pytest.mark.parametrize('wrapped', [False, True])
@pytest.mark.parametrize(
    'options',
    [
        dict(),
        dict(share=0.5, begin=1, ramp=1),
        dict(share=2.0, begin=3, ramp=2),
    ],
)
def test_every_step_has_the_shares_written_as_loops(train, options, wrapped):
    _, watcher = train(dict(SCHEDULE, **options), wrapped=wrapped)
    begin = options.get('begin', 2)
    assert len(watcher.shares) == 20
    for i, (share, active) in enumerate(zip(watcher.shares, watcher.actives)):
        epoch = i // 4 + 1
        for k in range(3):
            expected = share_with_loops(k, epoch, 1.6, **options)
            assert share[k].item() == pytest.approx(expected)
        assert active == (epoch >= begin)
        assert active or not watcher.modified[i].any()
    assert sum(watcher.modified).any()


def test_what_is_corrected_for_good_is_taken_off(train):
    runner, watcher = train(dict(SCHEDULE, ramp=2), LL_CP)
    columns = head_of(runner).label_store.columns()
    assert len(columns['key']) > 0
    for i, share in enumerate(watcher.shares):
        epoch = i // 4 + 1
        for k in range(3):
            corrected = sum(
                label == k and t < epoch
                for label, t in zip(columns['class'], columns['epoch'])
            )
            expected = share_with_loops(k, epoch, 1.6, corrected, ramp=2)
            assert share[k].item() == pytest.approx(expected)


def test_an_epoch_may_be_so_many_iterations(train):
    schedule = dict(SCHEDULE, begin=1, by_epoch=False, iters_per_epoch=3)
    train_cfg = dict(by_epoch=False, max_iters=8)
    _, watcher = train(schedule, train_cfg=train_cfg)
    for i, share in enumerate(watcher.shares):
        expected = share_with_loops(0, i // 3 + 1, 1.6, begin=1)
        assert share[0].item() == pytest.approx(expected)


@pytest.mark.parametrize('wrapped', [False, True])
def test_a_resumed_run_ends_as_an_unbroken_one(train, tmp_path, wrapped):
    _, unbroken = train(head=LL_CP, wrapped=wrapped)
    path = tmp_path / 'work' / 'epoch_5.pth'
    last = torch.load(path, weights_only=True)
    checkpoint = str(tmp_path / 'work' / 'epoch_3.pth')
    _, resumed = train(
        head=LL_CP, wrapped=wrapped, load_from=checkpoint, resume=True
    )
    again = torch.load(path, weights_only=True)
    for name in ('state_dict', 'label_store'):
        assert last[name].keys() == again[name].keys()
        for key, tensor in last[name].items():
            assert torch.equal(tensor, again[name][key])
    name = 'head.loss_module.selection.threshold'
    assert last['state_dict'][name].all()
    for column in ('shares', 'modified'):
        steps = getattr(unbroken, column)[12:], getattr(resumed, column)
        assert torch.equal(*map(torch.stack, steps))


def test_a_run_from_the_weights_of_another_begins_anew(train, tmp_path):
    train(max_epochs=1)
    path = str(tmp_path / 'work' / 'epoch_1.pth')
    runner, watcher = train(max_epochs=1, load_from=path)
    assert not watcher.thresholds[0].any()
    assert head_of(runner).loss_module.selection.num_images.max() == 20


def test_logs_the_estimate_and_each_epoch(train, tmp_path):
    schedule = dict(SCHEDULE, begin=1)
    _, watcher = train(schedule, max_epochs=2, log_level='INFO')
    (path,) = (tmp_path / 'work').rglob('*.log')
    log = path.read_text()
    assert (
        'Hidden positives, estimated from kappa=1.6 and the observed '
        'positives: 12 of 20 unobserved labels.'
    ) in log
    first, second = (
        sum(part).tolist()
        for part in (watcher.modified[:4], watcher.modified[4:])
    )
    for epoch, counts in enumerate((first, second), 1):
        assert (
            f'Epoch {epoch}: modified {sum(counts)} labels in 4 batches; by '
            'class, of the hidden positives estimated: '
            f'cat {counts[0]} of 4, dog {counts[1]} of 4, horse {counts[2]} '
            'of 4.'
        ) in log


def report_of(num_classes):
    """Return the line of an epoch that modified a label of each class."""
    hook, runner = ClassWiseScheduleHook(), MagicMock()
    runner.train_dataloader.dataset.metainfo = {}
    count = np.arange(float(num_classes))
    hook._hidden = HiddenPositives(count, 2 * count, count, 90, 'a dream')
    hook.report(runner, 1, torch.ones(num_classes, dtype=torch.int64), 4)
    (line,) = runner.logger.info.call_args.args
    return line


def test_the_log_shows_the_most_frequent_of_many_classes():
    assert report_of(20).endswith('1 1 of 1, 0 1 of 0.')
    line = report_of(30)
    assert 'estimated: 29 1 of 29, 28 1 of 28' in line
    assert line.endswith('10 1 of 10, and 10 more.')


@pytest.mark.parametrize(
    'head',
    [dict(), dict(loss=dict(type='mmwsml.LargeLossRejection'))],
)
def test_refuses_a_loss_without_a_class_wise_selection(make_runner, head):
    message = r"needs a large loss with selection=dict\(type='mmwsml\.Class"
    with pytest.raises(TypeError, match=message):
        make_runner([SCHEDULE], head).train()


def test_refuses_to_guess_how_many_are_hidden(make_runner):
    schedule = dict(type='mmwsml.ClassWiseScheduleHook')
    with pytest.raises(ValueError, match='give the hook `kappa`'):
        make_runner([schedule], LL_R).train()


def test_refuses_to_count_the_epochs_of_a_loop_without(make_runner):
    train_cfg = dict(by_epoch=False, max_iters=2)
    runner = make_runner([SCHEDULE], LL_R, train_cfg=train_cfg)
    with pytest.raises(ValueError, match='counts epochs, but the train loop'):
        runner.train()


@pytest.mark.parametrize('share', [0, -1, 2.1, math.nan])
def test_refuses_a_share_out_of_range(share):
    with pytest.raises(ValueError, match=r'`share` must be in \(0, 2\], but'):
        ClassWiseScheduleHook(share=share)


@pytest.mark.parametrize('name', ['begin', 'ramp'])
@pytest.mark.parametrize('value', [0, 1.0, True, None])
def test_refuses_what_is_no_number_of_epochs(name, value):
    message = f'`{name}` must be an integer of at least 1, but got'
    with pytest.raises(ValueError, match=message):
        ClassWiseScheduleHook(**{name: value})


@pytest.mark.parametrize('kappa', [0, -2, math.inf, math.nan])
def test_refuses_a_kappa_out_of_range(kappa):
    with pytest.raises(ValueError, match='`kappa` must be finite and above 0'):
        ClassWiseScheduleHook(kappa=kappa)


def test_a_share_is_0_where_more_than_that_is_corrected():
    hook = ClassWiseScheduleHook()
    ones = np.ones(2)
    hook._hidden = HiddenPositives(2 * ones, 9 * ones, 9 * ones, 20, 'a dream')
    assert hook.shares(9, np.array([5, 2])).tolist() == [0, 0]


def test_all_or_none_of_a_single_label_or_of_no_label():
    hook, ones = ClassWiseScheduleHook(begin=1, ramp=1), np.ones(3)
    count, unobserved = np.array([1.0, 0, 0]), np.array([1.0, 1, 0])
    hook._hidden = HiddenPositives(count, unobserved, ones, 20, 'a dream')
    assert hook.shares(1, np.zeros(3)).tolist() == [1, 0, 0]


def test_a_hook_of_two_trainings_sets_the_shares_in_both(make_runner):
    hook = ClassWiseScheduleHook(begin=1, kappa=1.6)
    train_cfg = dict(by_epoch=True, max_epochs=1)
    for _ in range(2):
        runner = make_runner([*HOOKS, hook], LL_R, train_cfg=train_cfg)
        runner.train()
        share = head_of(runner).told.shares
        expected = [share_with_loops(k, 1, 1.6, begin=1) for k in range(3)]
        assert share.tolist() == pytest.approx(expected)
