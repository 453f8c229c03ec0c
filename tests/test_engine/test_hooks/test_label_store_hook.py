import pytest
import torch
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of
from mmwsml.engine.hooks import label_store_hook

HOOKS = [
    dict(type='mmwsml.EpochSeedHook'),
    dict(type='mmwsml.LabelStoreHook'),
    dict(type='mmwsml.PlainCheckpointHook'),
]
SCHEDULE = dict(
    type='mmwsml.LargeLossScheduleHook', delta_rel=10, schedule='constant'
)
HEAD = dict(
    loss=dict(type='mmwsml.LargeLossCorrection', percent_of='all'),
    label_store=dict(type='mmwsml.LabelMemory'),
)


class Watcher(Hook):
    """Keep the epoch and the size of the store at each start of an epoch."""

    def __init__(self):
        self.seen = []

    def before_train_epoch(self, runner):
        store = head_of(runner).label_store
        self.seen.append((store.epoch, len(store)))


@pytest.fixture
def train(make_runner):
    """Train LL-Cp from epoch 1 on; return the runner and what was seen."""

    def run(max_epochs=2, begin=1, **kwargs):
        watcher = Watcher()
        runner = make_runner(
            hooks=[*HOOKS, dict(SCHEDULE, begin=begin)],
            head=HEAD,
            train_cfg=dict(by_epoch=True, max_epochs=max_epochs),
            **kwargs,
        )
        runner.register_hook(watcher, priority='LOW')
        runner.train()
        return runner, watcher.seen

    return run


@pytest.fixture
def checkpoint(train, tmp_path):
    """Train one epoch and return the path of its checkpoint."""
    train(max_epochs=1)
    return str(tmp_path / 'work' / 'epoch_1.pth')


@pytest.mark.parametrize('wrapped', [False, True])
def test_tells_the_store_the_epoch_from_one(train, wrapped):
    runner, seen = train(wrapped=wrapped)
    assert [epoch for epoch, _ in seen] == [1, 2]
    epochs = head_of(runner).label_store.columns()['epoch']
    assert sorted(set(epochs.tolist())) == [1, 2]


@pytest.mark.parametrize('wrapped', [False, True])
def test_saves_the_store_as_plain_values(train, tmp_path, wrapped):
    runner, _ = train(wrapped=wrapped)
    path = tmp_path / 'work' / 'epoch_2.pth'
    saved = torch.load(path, weights_only=True)['label_store']
    store = head_of(runner).label_store
    assert len(store) > 0
    assert saved['sample_ids'] == store.sample_ids
    for key, column in store.columns().items():
        assert saved[key].tolist() == column.tolist()


def test_a_resumed_run_ends_with_the_store_of_an_unbroken_one(
    checkpoint, train
):
    unbroken, _ = train()
    resumed, seen = train(load_from=checkpoint, resume=True)
    assert seen == [(2, seen[0][1])] and seen[0][1] > 0
    states = [head_of(r).label_store.state_dict() for r in (unbroken, resumed)]
    assert states[0].pop('sample_ids') == states[1].pop('sample_ids')
    assert states[0].keys() == states[1].keys()
    for key, column in states[0].items():
        assert torch.equal(column, states[1][key])


def test_a_run_from_the_weights_of_another_has_an_empty_store(
    checkpoint, train
):
    _, seen = train(max_epochs=1, load_from=checkpoint)
    assert seen == [(1, 0)]


def test_refuses_to_resume_without_a_store(make_runner, train, tmp_path):
    runner = make_runner(hooks=HOOKS)
    runner.train()
    path = str(tmp_path / 'work' / 'epoch_1.pth')
    message = 'holds no LabelMemory: resume from .*`model.head.label_store`'
    with pytest.raises(ValueError, match=message):
        train(load_from=path, resume=True)


def test_refuses_several_processes(train, monkeypatch):
    monkeypatch.setattr(label_store_hook, 'get_world_size', lambda: 2)
    message = r'LabelMemory \(LL-Cp\) works on one process .* 2 were started'
    with pytest.raises(NotImplementedError, match=message):
        train()


@pytest.mark.parametrize(
    'head',
    [
        dict(type='mmwsml.PartialLabelHead'),
        dict(type='MultiLabelLinearClsHead'),
    ],
)
def test_leaves_a_model_without_a_store_alone(make_runner, tmp_path, head):
    runner = make_runner(hooks=HOOKS, head=head)
    runner.train()
    path = tmp_path / 'work' / 'epoch_2.pth'
    assert 'label_store' not in torch.load(path, weights_only=True)
