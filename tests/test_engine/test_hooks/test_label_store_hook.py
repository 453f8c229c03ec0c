import pytest
import torch
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of

HOOKS = [
    dict(type='mmwsml.EpochSeedHook'),
    dict(type='mmwsml.LabelStoreHook'),
    dict(type='mmwsml.PlainCheckpointHook'),
]
SCHEDULE = dict(
    type='mmwsml.LargeLossScheduleHook', delta_rel=10, schedule='constant'
)
HEAD = dict(
    loss=dict(
        type='mmwsml.LargeLossCorrection',
        selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
    ),
    label_store=dict(type='mmwsml.LabelMemory'),
)


class Watcher(Hook):
    """Keep the epoch and the size of the store where an epoch starts."""

    def __init__(self):
        self.seen = []

    def before_train_epoch(self, runner):
        store = head_of(runner).label_store
        self.seen.append((runner.epoch + 1, len(store)))


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
def test_the_store_keeps_epochs_from_one(train, wrapped):
    runner, seen = train(wrapped=wrapped)
    assert [epoch for epoch, _ in seen] == [1, 2]
    epochs = head_of(runner).label_store.columns()['epoch']
    assert sorted(set(epochs.tolist())) == [1, 2]


#: What version 0.1 wrote, and the schedule in its config.
KEYS = 'meta', 'state_dict', 'message_hub', 'optimizer', 'label_store'
META = (
    *('epoch', 'iter', 'cfg', 'seed', 'experiment_name', 'time'),
    *('mmengine_version', 'dataset_meta'),
)
COLUMNS = {'class', 'epoch', 'key', 'loss', 'row'}
BY_ITER = dict(by_epoch=False, iters_per_epoch=4)


def test_a_run_of_version_0_1_goes_on(train, make_runner, tmp_path):
    runner, _ = train()
    content = torch.load(tmp_path / 'work' / 'epoch_1.pth', weights_only=True)
    weights = content['state_dict']
    assert not [k for k in weights if k.startswith(('head.loss', 'head.la'))]
    assert {'head.fc.weight', 'head.fc.bias'} < set(weights)
    assert set(content['label_store']) >= COLUMNS
    old = {key: content[key] for key in KEYS}
    old['meta'] = {key: content['meta'][key] for key in META}
    old['label_store'] = {k: content['label_store'][k] for k in COLUMNS}
    path = tmp_path / 'old.pth'
    torch.save(old, path)
    schedule = dict(SCHEDULE, begin=1, **BY_ITER)
    resumed = make_runner(
        [*HOOKS, schedule], HEAD, load_from=str(path), resume=True
    )
    resumed.train()
    ends = [r.model.state_dict() for r in (runner, resumed)]
    assert all(ends[0][key].equal(ends[1][key]) for key in weights)
    memories = [head_of(r).label_store.columns() for r in (runner, resumed)]
    assert all((memories[0][k] == memories[1][k]).all() for k in memories[0])


@pytest.mark.parametrize('wrapped', [False, True])
def test_saves_the_store_as_plain_values(train, tmp_path, wrapped):
    runner, _ = train(wrapped=wrapped)
    path = tmp_path / 'work' / 'epoch_2.pth'
    saved = torch.load(path, weights_only=True)['label_store']
    store = head_of(runner).label_store
    assert len(store) > 0
    for key in ('class', 'epoch', 'loss'):
        assert saved[key].tolist() == store.columns()[key].tolist()
    keys = saved['key'][saved['row'].long()]
    assert keys.tolist() == store.columns()['key'].tolist()


def test_a_resumed_run_ends_with_the_store_of_an_unbroken_one(
    checkpoint, train
):
    unbroken, _ = train()
    resumed, seen = train(load_from=checkpoint, resume=True)
    assert seen == [(2, seen[0][1])] and seen[0][1] > 0
    states = [head_of(r).label_store.snapshot() for r in (unbroken, resumed)]
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


def test_refuses_a_store_of_other_images(
    checkpoint, train, image_folder, dataset_cfg
):
    other = dict(dataset_cfg, namespace='others')
    message = 'holds corrections of .* images that the training set does not'
    with pytest.raises(ValueError, match=message):
        train(load_from=checkpoint, resume=True, dataset=other)


@pytest.mark.parametrize('wrapper', ['repeat', 'concat'])
def test_the_images_of_a_wrapped_data_set_are_known(
    train, dataset_cfg, wrapper
):
    second = dict(dataset_cfg, namespace='second')
    wrapped = dict(
        repeat=dict(type='RepeatDataset', dataset=dataset_cfg, times=2),
        concat=dict(type='ConcatDataset', datasets=[dataset_cfg, second]),
    )[wrapper]
    runner, _ = train(max_epochs=1, dataset=wrapped)
    store = head_of(runner).label_store
    assert len(store.keys) == dict(repeat=20, concat=40)[wrapper]
    columns = store.columns()
    pairs = list(zip(columns['key'].tolist(), columns['class'].tolist()))
    assert len(pairs) == len(set(pairs)) > 0


def test_an_image_without_identity_is_refused(train, dataset_cfg):
    plain = dict(
        dataset_cfg,
        type='MultiLabelDataset',
        pipeline=[dict(type='LoadImageFromFile')],
    )
    with pytest.raises(ValueError, match='have no `sample_id`, which a label'):
        train(dataset=plain)


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
