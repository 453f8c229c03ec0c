"""ROLE and Curriculum: a resumed run equals an unbroken one, bit for bit."""

import pytest
import torch
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of

HOOKS = [
    dict(type='mmwsml.EpochSeedHook'),
    dict(type='mmwsml.LabelStoreHook'),
    dict(type='mmwsml.PlainCheckpointHook'),
]
PIPELINE = [
    dict(type='mmwsml.LoadImage'),
    dict(type='mmwsml.PackPartialLabels'),
]
ROLE = dict(
    hooks=HOOKS,
    head=dict(
        loss=dict(type='mmwsml.RegularizedOnlineLabelEstimation', kappa=1.5),
        label_store=dict(type='mmwsml.LabelEstimates', num_images=20),
    ),
    optim_wrapper=dict(
        optimizer=dict(type='Adam', lr=1e-3, weight_decay=0.1),
        paramwise_cfg=dict(
            custom_keys={'label_store': dict(lr_mult=10, decay_mult=0)}
        ),
    ),
)
CURRICULUM = dict(
    hooks=[*HOOKS, dict(type='mmwsml.FullPassHook', pipeline=PIPELINE)],
    head=dict(
        loss=dict(type='mmwsml.PartialBCE'),
        label_store=dict(type='mmwsml.CurriculumLabels', theta=0.05),
    ),
    optim_wrapper=dict(optimizer=dict(type='Adam', lr=3e-2)),
)
METHODS = dict(role=ROLE, curriculum=CURRICULUM)


class Watcher(Hook):
    """Keep the store as each epoch finds it."""

    def __init__(self):
        self.states = []

    def before_train_epoch(self, runner):
        self.states.append(head_of(runner).label_store.snapshot())


@pytest.fixture
def train(make_runner, tmp_path):
    """Train; return the runner, its last checkpoint, and the watcher."""

    def run(method, max_epochs=3, **kwargs):
        watcher = Watcher()
        train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
        runner = make_runner(**METHODS[method], train_cfg=train_cfg, **kwargs)
        runner.register_hook(watcher, priority='LOW')
        runner.train()
        path = tmp_path / 'work' / f'epoch_{max_epochs}.pth'
        return runner, torch.load(path, weights_only=True), watcher

    return run


def assert_equal(left, right):
    """Compare nested dicts and lists; tensors bit for bit."""
    assert type(left) is type(right)
    if isinstance(left, torch.Tensor):
        assert torch.equal(left, right)
    elif isinstance(left, dict):
        assert left.keys() == right.keys()
        for key in left:
            assert_equal(left[key], right[key])
    elif isinstance(left, list):
        assert len(left) == len(right)
        for a, b in zip(left, right):
            assert_equal(a, b)
    else:
        assert left == right


@pytest.mark.parametrize('wrapped', [False, True])
@pytest.mark.parametrize('method', METHODS)
def test_a_resumed_run_ends_as_an_unbroken_one(
    train, method, wrapped, tmp_path
):
    _, unbroken, watcher = train(method, wrapped=wrapped)
    path = str(tmp_path / 'work' / 'epoch_1.pth')
    _, resumed, resumed_watcher = train(
        method, wrapped=wrapped, load_from=path, resume=True
    )
    for key in ('state_dict', 'optimizer', 'label_store'):
        assert_equal(unbroken[key], resumed[key])
    assert_equal(watcher.states[1:], resumed_watcher.states)
    first, last = watcher.states[0], unbroken['label_store']
    (table,) = set(last) - {'key'}
    assert not torch.equal(first[table], last[table])  # it has learned


@pytest.mark.parametrize('method', METHODS)
def test_a_run_from_the_weights_of_another_begins_anew(
    train, method, tmp_path
):
    _, _, watcher = train(method)
    path = str(tmp_path / 'work' / 'epoch_3.pth')
    _, _, other = train(method, load_from=path)
    assert_equal(watcher.states[0], other.states[0])


def test_estimates_learn_ten_times_as_fast_and_do_not_decay(train):
    runner, checkpoint, _ = train('role', max_epochs=1)
    store = head_of(runner).label_store
    (group,) = (
        group
        for group in runner.optim_wrapper.param_groups
        if group['params'][0] is store.logits
    )
    assert group['lr'] == pytest.approx(1e-2) and not group['weight_decay']
    moments = runner.optim_wrapper.optimizer.state[store.logits]
    assert moments['exp_avg'].shape == (20, 3)
    assert not any('label_store' in key for key in checkpoint['state_dict'])
    assert checkpoint['label_store']['logits'].shape == (20, 3)


def test_curriculum_labels_come_after_each_epoch_but_the_last(train):
    _, checkpoint, watcher = train('curriculum')
    marks = [state['marks'] for state in watcher.states]
    assert not marks[0].any() and marks[1].any()
    assert not torch.equal(marks[1], marks[2])
    assert torch.equal(marks[2], checkpoint['label_store']['marks'])


def test_refuses_to_resume_role_with_fewer_images(
    train, dataset_cfg, tmp_path
):
    train('role', max_epochs=1)
    path = str(tmp_path / 'work' / 'epoch_1.pth')
    fewer = dict(dataset_cfg, indices=10)
    message = (
        r'num_images=20, but the training set has 10 images: set '
        r'`model\.head\.label_store\.num_images=10`'
    )
    with pytest.raises(ValueError, match=message):
        train('role', dataset=fewer, load_from=path, resume=True)
