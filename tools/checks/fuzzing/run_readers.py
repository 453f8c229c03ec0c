"""The readers of what runs and people around them write."""

import io
import json
import random
from pathlib import Path

import numpy as np
import torch

from mmwsml.evaluation.predictions import (
    Predictions,
    read_predictions,
    write_predictions,
)
from mmwsml.inference.checkpoint import load_from_plain_file
from mmwsml.inference.trained_model import load_trained_model
from mmwsml.records import RecordedImages, Recorder, RecordWriter, load_records
from mmwsml.records.run_log import iter_scalars
from mmwsml.structures import GlobalBatch

from .damage_values import damage_tree
from .label_readers import LABELS, NAMES
from .reader import CLASSES, Reader, check_labels, need


def _write_predictions(folder: Path) -> None:
    rng = np.random.RandomState(0)
    target = np.zeros((len(NAMES), 4), bool)
    for row, labels in enumerate(LABELS):
        target[row, labels] = True
    predictions = Predictions(
        rng.rand(len(NAMES), 4).astype(np.float32),
        target,
        rng.rand(len(NAMES), 4) < 0.5,
        NAMES,
        [f'ns/{name}' for name in NAMES],
        tuple(CLASSES),
        'val',
    )
    write_predictions(str(folder / 'predictions.npz'), predictions)


def _read_predictions(folder: Path, rng: random.Random) -> None:
    found = read_predictions(str(folder / 'predictions.npz'))
    shape = len(found.sample_ids), len(found.classes)
    need(found.scores.shape == found.target.shape == shape, f'shape {shape}')
    need(bool(((found.scores >= 0) & (found.scores <= 1)).all()), 'scores')
    names = [*found.sample_ids, *found.classes, *found.img_paths]
    need(all(isinstance(name, str) for name in names), 'a name is no text')


def _write_records(folder: Path) -> None:
    entries = [(f'ns/{x}', row[:1], [], row) for x, row in zip(NAMES, LABELS)]
    images = RecordedImages.collect(entries, 4)
    info = dict(classes=CLASSES, method='LargeLossRejection', num_epochs=2)
    writer = RecordWriter(folder, images, info)
    writer.start(1)
    recorder = Recorder(images, writer, True)
    for epoch in (1, 2):
        torch.manual_seed(epoch)
        logits = torch.randn(len(NAMES), 4)
        ids = [f'ns/{name}' for name in NAMES]
        recorder.add(GlobalBatch(ids), logits, logits > 0.5)
        recorder.finish(epoch)


def _read_records(folder: Path, rng: random.Random) -> None:
    records = load_records(folder)
    for sentence in records.skipped:
        need(len(sentence) < 3000, f'a message of {len(sentence)} letters')
    names = [*records.sample_ids, *records.classes, records.method]
    need(all(isinstance(name, str) for name in names), f'{names}')
    need(records.num_epochs > 0, f'{records.num_epochs} epochs')
    for row, name in enumerate(records.sample_ids):
        need(records.row_of(name) == row, f'{name} is of another row')
    lists = [*records.given, *([records.truth] if records.truth else [])]
    for labels in lists:
        rows = [(labels.of(row), ()) for row in range(len(records.images))]
        check_labels(len(records.classes), rows)
    for epoch in records.epochs.values():
        need(len(epoch.modified_kinds) == len(epoch.modified), 'kinds')
        seen = int(epoch.seen.sum())
        need(epoch.num_images == seen, f'{epoch.num_images} are not {seen}')
        need(bool((epoch.counts >= 0).all()), 'a count below 0')
        for kind in records.kinds:
            epoch.mean(kind)
            epoch.quantile(kind, 0.5)
        if epoch.has_losses:
            epoch.losses.sum()


def _read_scalars(folder: Path, rng: random.Random) -> None:
    for line in iter_scalars(folder):
        need('step' in line, f'{line}')


def _write_scalars(folder: Path) -> None:
    path = folder / '20260101' / 'vis_data'
    path.mkdir(parents=True)
    rows = [dict(step=n, loss=0.5, lr=1e-3) for n in range(6)]
    text = '\n'.join(json.dumps(row) for row in rows)
    (path / 'scalars.jsonl').write_text(text)


#: A config as a published checkpoint holds it.
MODEL = dict(
    type='ImageClassifier',
    backbone=dict(type='mmwsml.DigitNet'),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(type='MultiLabelLinearClsHead', num_classes=4, in_channels=64),
)


CONFIG = dict(
    default_scope='mmpretrain',
    model=MODEL,
    test_dataloader=dict(
        dataset=dict(type='mmwsml.PartialLabelDataset', pipeline=[])
    ),
)


def _write_checkpoint(folder: Path) -> None:
    """Write the checkpoint of a run, and its values as JSON to damage."""
    from mmengine.config import Config
    from mmpretrain import get_model

    torch.manual_seed(0)
    model = get_model(Config(CONFIG), pretrained=False)
    meta = dict(
        dataset_meta=dict(classes=CLASSES),
        inference_config=json.dumps(CONFIG),
        thresholds=[0.5] * 4,
        epoch=1,
        iter=2,
    )
    content = dict(meta=meta, state_dict=dict(model.state_dict()))
    torch.save(content, folder / 'whole.pth')


def _read_checkpoint(folder: Path, rng: random.Random) -> None:
    """Read a checkpoint of which a value or a byte is another."""
    path = folder / 'damaged.pth'
    content = (folder / 'whole.pth').read_bytes()
    if rng.random() < 0.8:
        file = io.BytesIO((folder / 'kept').read_bytes())
        tree = damage_tree(torch.load(file, weights_only=True), rng)
        file = io.BytesIO()
        torch.save(tree, file)
        content = file.getvalue()
    path.write_bytes(content)
    found = load_from_plain_file(str(path), 'cpu')
    need(isinstance(found, dict), f'{type(found)}')
    if rng.random() < 0.7:
        return  # building a model takes ten times as long
    model = load_trained_model(str(path), device='cpu')
    classes = model._dataset_meta['classes']
    need(all(isinstance(x, str) for x in classes), f'{classes}')


def _write_checkpoints(folder: Path) -> None:
    _write_checkpoint(folder)
    (folder / 'kept').write_bytes((folder / 'whole.pth').read_bytes())


RUN_READERS = [
    Reader('predictions', _write_predictions, _read_predictions, ['.npz']),
    Reader('records', _write_records, _read_records, ['.npy', '.json']),
    Reader('checkpoint', _write_checkpoints, _read_checkpoint, ['.pth']),
    Reader('scalars', _write_scalars, _read_scalars, ['.jsonl']),
]
