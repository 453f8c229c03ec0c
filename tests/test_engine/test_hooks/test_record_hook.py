"""Records of runs of four steps an epoch."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of
from mmwsml.records import load_records
from mmwsml.structures import hash64

RECORD = dict(type='mmwsml.RecordHook')
KEEP = dict(RECORD, keep='losses')
LL_CP = dict(
    loss=dict(
        type='mmwsml.LargeLossCorrection',
        selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
    ),
    label_store=dict(type='mmwsml.LabelMemory'),
)
LL_CP_HOOKS = [
    dict(
        type='mmwsml.LargeLossScheduleHook', delta_rel=10, schedule='constant'
    ),
    dict(type='mmwsml.EpochSeedHook'),
    dict(type='mmwsml.LabelStoreHook'),
    dict(type='mmwsml.PlainCheckpointHook'),
]


class Watcher(Hook):
    """Keep the logits of each image and what the loss modified of it."""

    def __init__(self):
        self.seen = {}

    def before_train(self, runner):
        loss, seen = head_of(runner).loss_module, self.seen

        def keep(module, inputs, output):
            for n, image in enumerate(inputs[3].batch.sample_ids):
                marks = output.modified
                marks = [] if marks is None else marks[n].nonzero()[:, 0]
                seen[runner.epoch + 1, image] = (
                    inputs[0][n].detach().clone(),
                    [int(label) for label in marks],
                )

        loss.register_forward_hook(keep)


@pytest.fixture
def hidden_cfg(dataset_cfg, image_folder):
    """The twenty images with two positives each, one of them hidden."""
    content = json.loads((image_folder / 'ann.json').read_text())
    for n, info in enumerate(content['data_list']):
        info['gt_label'] = [n % 3, (n + 1) % 3]
        del info['neg_label']
    (image_folder / 'hidden.json').write_text(json.dumps(content))
    hide = dict(type='mmwsml.KeepOnePositive')
    pipeline = [hide, *dataset_cfg['pipeline']]
    return dict(
        dataset_cfg,
        ann_file='hidden.json',
        pipeline=pipeline,
        labels='complete',
    )


@pytest.fixture
def train(make_runner, hidden_cfg):
    """Train; return the runner and what a watcher saw."""

    def train(*hooks, dataset=None, **kwargs):
        watcher = Watcher()
        dataset = dataset or hidden_cfg
        runner = make_runner([*hooks, watcher], dataset=dataset, **kwargs)
        runner.train()
        return runner, watcher.seen

    return train


def annotated(logits, positives):
    """Compute the losses of an image as annotated."""
    sign = torch.ones(len(logits))
    sign[positives] = -1
    return F.softplus(sign * logits)


@pytest.mark.parametrize('wrapped', [False, True])
def test_losses_are_those_of_the_annotated_labels(train, wrapped):
    runner, seen = train(KEEP, wrapped=wrapped)
    records = load_records(runner.work_dir)
    assert records.method == 'AssumeNegative'
    assert records.kinds == ('TP', 'observed_negative', 'TN', 'FN')
    assert list(records.epochs) == [1, 2] and not records.skipped
    for (epoch, image), (logits, _) in seen.items():
        row = records.row_of(image)
        losses = annotated(logits, records.given[0].of(row))
        kept = records.epochs[epoch].losses[row]
        assert np.allclose(kept, losses, rtol=1e-3)
    for epoch in records.epochs.values():
        assert epoch.counts.sum(1).tolist() == [20, 0, 20, 20]


def test_what_ll_cp_corrected_counts_as_it_was_given(train):
    runner, seen = train(*LL_CP_HOOKS, KEEP, head=LL_CP)
    records = load_records(runner.work_dir)
    memory = head_of(runner).label_store.columns()
    assert len(memory['key'])  # and so other labels in the later steps
    assert records.method == 'LargeLossCorrection+LabelMemory'
    for (epoch, image), (logits, marks) in seen.items():
        row = records.row_of(image)
        losses = annotated(logits, records.given[0].of(row))
        assert np.allclose(
            records.epochs[epoch].losses[row], losses, rtol=1e-3
        )
        found = records.epochs[epoch].modified
        found = found[found['row'] == row]
        assert found['class'].tolist() == marks
        assert np.allclose(found['loss'], losses[marks], rtol=1e-6)
    for epoch in records.epochs.values():
        assert epoch.counts.sum(1).tolist() == [20, 0, 20, 20]
    assert len(records.epochs[2].modified) == len(memory['key'])


def test_another_head_is_recorded_too(make_runner, hidden_cfg):
    head = dict(type='mmwsml.PartialLabelCSRAHead', num_heads=1, lam=0.1)
    model = dict(
        type='ImageClassifier',
        backbone=dict(type='mmwsml.DigitNet', channels=(4, 8), strides=(2, 2)),
        head=dict(head, num_classes=3, in_channels=8, **LL_CP),
        data_preprocessor=dict(num_classes=3, mean=[127.5], std=[63.75]),
    )
    hooks = [*LL_CP_HOOKS, KEEP]
    runner = make_runner(hooks, dataset=hidden_cfg, model=model)
    runner.train()
    records = load_records(runner.work_dir)
    memory = head_of(runner).label_store.columns()
    assert len(records.epochs[2].modified) == len(memory['key']) > 0
    assert records.epochs[1].losses.shape == (20, 3)


def test_without_complete_labels_the_truth_is_not_told(train, dataset_cfg):
    runner, _ = train(RECORD, dataset=dataset_cfg)
    records = load_records(runner.work_dir)
    assert records.truth is None
    keys = [hash64(image) for image in records.sample_ids]
    assert keys == sorted(keys)
    for epoch in records.epochs.values():
        assert epoch.counts.sum(1).tolist() == [20, 20, 20]
        assert not epoch.has_losses


@pytest.mark.slow
def test_an_image_that_pads_the_epoch_counts_once(train, hidden_cfg):
    twice = dict(type='RepeatDataset', times=2, dataset=hidden_cfg)
    runner, _ = train(RECORD, dataset=twice)
    epoch = load_records(runner.work_dir).epochs[1]
    assert (epoch.num_steps, epoch.num_images) == (8, 20)
    assert epoch.counts.sum() == 60


@pytest.mark.slow
def test_recording_changes_nothing(train):
    runners = [train(*hooks)[0] for hooks in ([], [RECORD])]
    left, right = (runner.model.state_dict() for runner in runners)
    assert all(torch.equal(left[name], right[name]) for name in left)


def test_it_is_switched_on_among_the_default_hooks(train):
    hooks = dict(logger=None, record=RECORD)
    runner, _ = train(default_hooks=hooks)
    assert list(load_records(runner.work_dir).epochs) == [1, 2]


@pytest.mark.slow
def test_a_resumed_run_equals_an_unbroken_one(train, tmp_path):
    def records_of(name, epochs, **kwargs):
        train_cfg = dict(by_epoch=True, max_epochs=epochs)
        work_dir = str(tmp_path / name)
        train(
            *LL_CP_HOOKS,
            KEEP,
            head=LL_CP,
            train_cfg=train_cfg,
            work_dir=work_dir,
            **kwargs,
        )
        folder = tmp_path / name / 'records'
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob('*')
            if path.is_file() and path.name != 'run.json'
        }

    unbroken = records_of('unbroken', 4)
    records_of('killed', 3)
    note = tmp_path / 'killed/records/.epoch.draft'
    note.mkdir()  # it was killed in epoch 4
    path = str(tmp_path / 'killed/epoch_2.pth')  # trains epoch 3 again
    resumed = records_of('killed', 4, load_from=path, resume=True)
    assert resumed == unbroken


@pytest.mark.slow
@pytest.mark.parametrize('max_iters, last', [(10, 2), (8, 4)])
def test_an_epoch_may_be_so_many_iterations(train, max_iters, last):
    runner, _ = train(
        dict(RECORD, by_epoch=False, iters_per_epoch=4),
        train_cfg=dict(by_epoch=False, max_iters=max_iters),
    )
    records = load_records(runner.work_dir)
    steps = [epoch.num_steps for epoch in records.epochs.values()]
    assert steps == [4, 4, 2][: len(steps)] and steps[-1] == last
    assert records.num_epochs == len(steps)
    assert records.epochs[len(steps)].num_images == 5 * last


def test_another_loss_is_refused(make_runner):
    head = dict(
        type='MultiLabelLinearClsHead', loss=dict(type='AsymmetricLoss')
    )
    with pytest.raises(TypeError, match='needs a loss of mmwsml, but got Asy'):
        make_runner([RECORD], head=head).train()


def test_images_without_identity_are_refused(make_runner, dataset_cfg):
    del dataset_cfg['type']
    runner = make_runner(
        [RECORD], dataset={**dataset_cfg, 'type': 'MultiLabelDataset'}
    )
    with pytest.raises(ValueError, match='have no `sample_id`, which a label'):
        runner.train()


def test_what_exceeds_the_disk_is_refused(train, monkeypatch):
    usage = SimpleNamespace(free=1000)
    monkeypatch.setattr('shutil.disk_usage', lambda folder: usage)
    with pytest.raises(ValueError, match='20 images x 3 classes takes'):
        train(RECORD)


def test_an_unknown_choice_is_refused(train):
    with pytest.raises(ValueError, match="must be 'counts' or 'losses'"):
        train(dict(RECORD, keep='all'))
