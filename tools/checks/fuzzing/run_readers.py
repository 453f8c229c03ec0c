"""The readers of what runs and people around them write."""

import io
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmwsml.analysis.clean_up.answers import read_answers
from mmwsml.analysis.corrections import read_refused
from mmwsml.analysis.records import load_records
from mmwsml.analysis.run_log import iter_scalars
from mmwsml.datasets.image_file import check_image_file, read_image
from mmwsml.engine.checkpoint import load_from_plain_file
from mmwsml.engine.inference_files import find_images
from mmwsml.engine.trained_model import load_trained_model, read_config
from mmwsml.evaluation.class_groups import read_class_counts
from mmwsml.evaluation.predictions import (
    Predictions,
    read_predictions,
    write_predictions,
)
from mmwsml.evaluation.thresholds import read_thresholds
from mmwsml.structures import GlobalBatch
from mmwsml.structures.records import RecordedImages, Recorder, RecordWriter

from .damage_values import damage_tree
from .label_readers import LABELS, NAMES, write_text
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


def _answers_text() -> str:
    rows = [
        f'ns/{x},cat,{("yes", "no", "")[n % 3]}' for n, x in enumerate(NAMES)
    ]
    return '\n'.join(['sample_id,class,present', *rows])


def _read_answers(folder: Path, rng: random.Random) -> None:
    for pair in read_answers(folder / 'answers.csv'):
        need(all(isinstance(x, str) for x in pair), f'{pair}')


def _read_refused(folder: Path, rng: random.Random) -> None:
    for pair in read_refused(folder / 'answers.csv'):
        need(all(isinstance(x, str) and x for x in pair), f'{pair}')


def _read_counts(folder: Path, rng: random.Random) -> None:
    counts = read_class_counts(str(folder / 'counts.csv'), CLASSES, 4)
    need(bool((counts >= 0).all()), f'{counts}')


def _read_thresholds(folder: Path, rng: random.Random) -> None:
    found = read_thresholds(str(folder / 'thresholds.json'))
    need(all(isinstance(x, str) for x in found.classes), f'{found}')
    need(bool(((found.values >= 0) & (found.values <= 1)).all()), f'{found}')


def _read_scalars(folder: Path, rng: random.Random) -> None:
    for line in iter_scalars(folder):
        need('step' in line, f'{line}')


def _write_scalars(folder: Path) -> None:
    path = folder / '20260101' / 'vis_data'
    path.mkdir(parents=True)
    rows = [dict(step=n, loss=0.5, lr=1e-3) for n in range(6)]
    text = '\n'.join(json.dumps(row) for row in rows)
    (path / 'scalars.jsonl').write_text(text)


MODEL = dict(
    type='ImageClassifier',
    backbone=dict(type='mmwsml.DigitNet'),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(type='MultiLabelLinearClsHead', num_classes=4, in_channels=64),
)


def _write_checkpoint(folder: Path) -> None:
    """Write the checkpoint of a run, and its values as JSON to damage."""
    from mmengine.config import Config
    from mmpretrain import get_model

    torch.manual_seed(0)
    dataset = dict(type='mmwsml.PartialLabelDataset', pipeline=[])
    cfg = dict(model=MODEL, test_dataloader=dict(dataset=dataset))
    model = get_model(Config(cfg), pretrained=False)
    meta = dict(
        dataset_meta=dict(classes=CLASSES),
        inference_config=json.dumps(cfg),
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


def _read_config(folder: Path, rng: random.Random) -> None:
    path = folder / 'config.json'
    read_config(path.read_text(errors='replace'), str(path))


def _write_images(folder: Path) -> None:
    from PIL import Image

    for suffix in ('png', 'jpg'):
        image = np.arange(300, dtype=np.uint8).reshape(10, 10, 3)
        Image.fromarray(image).save(folder / f'a.{suffix}')


def _read_images(folder: Path, rng: random.Random) -> None:
    for name in ('a.png', 'a.jpg'):
        check_image_file(str(folder / name))
        image = read_image(str(folder / name))
        need(image.ndim == 3 and image.dtype == np.uint8, f'{image.shape}')


def _read_list(folder: Path, rng: random.Random) -> None:
    for name in find_images([str(folder / 'list.txt')]):
        name.encode()


def _text(name: str, file: str, text: str, read: Any) -> Reader:
    return Reader(name, write_text(file, text), read, [Path(file).suffix])


RUN_READERS = [
    Reader('predictions', _write_predictions, _read_predictions, ['.npz']),
    Reader('records', _write_records, _read_records, ['.npy', '.json']),
    Reader('checkpoint', _write_checkpoints, _read_checkpoint, ['.pth']),
    Reader('scalars', _write_scalars, _read_scalars, ['.jsonl']),
    Reader('images', _write_images, _read_images, ['.png', '.jpg']),
    _text('answers', 'answers.csv', _answers_text(), _read_answers),
    _text('refused', 'answers.csv', _answers_text(), _read_refused),
    _text(
        'class-counts',
        'counts.csv',
        'label,name,positives,negatives\n'
        + '\n'.join(f'{n},{x},{n},5' for n, x in enumerate(CLASSES)),
        _read_counts,
    ),
    _text(
        'thresholds',
        'thresholds.json',
        json.dumps(dict(classes=CLASSES, thresholds=[0.5] * 4)),
        _read_thresholds,
    ),
    _text(
        'config', 'config.json', json.dumps(dict(model=MODEL)), _read_config
    ),
    _text('image-list', 'list.txt', '\n'.join(NAMES), _read_list),
]
