"""The readers of labels that were observed elsewhere."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np

from mmwsml.datasets.observe import BareSplit, read_observations
from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.observed_labels_file import load_observed_labels
from mmwsml.label_files.read_options import read_names

from .label_readers import LABELS, NAMES
from .reader import (
    CLASSES,
    Reader,
    check_labels,
    check_sentence,
    need,
    text_reader,
)


def _observe(name: str, folder: Path, rng: random.Random) -> None:
    """Read labels as observe_labels.py does."""
    infos = [
        dict(sample_id=f'ns/{x}', gt_label=row, classes=CLASSES)
        for x, row in zip(NAMES, LABELS)
    ]
    bad = BadEntries(skip=rng.random() < 0.6)
    path = str(folder / name)
    split = BareSplit(CLASSES, infos)
    found = list(read_observations(split, path, 0, bad))
    need([x.sample_id for x in found] == [x['sample_id'] for x in infos], '')
    check_labels(4, [(image.positives, image.negatives) for image in found])
    for sentence in bad.sentences:
        check_sentence(sentence, folder)
    if name.endswith('.npy'):
        matrix = np.load(path)
        known = sum(len(x.positives) + len(x.negatives) for x in found)
        need(bool(bad.sentences) or known == (matrix != 0).sum(), 'lost')


def _matrix() -> np.ndarray:
    matrix = np.zeros((len(LABELS), 4))
    for row, labels in enumerate(LABELS):
        matrix[row, labels[:1]] = 1
    return matrix


def _guesses_text() -> str:
    rows = [
        f'{x},{CLASSES[k]},0.{k + 1}'
        for x, row in zip(NAMES, LABELS)
        for k in row
    ]
    return '\n'.join(['image,class,score', *rows])


def _predictions() -> dict:
    rows = [[0.9 if k in row else 0.25 for k in range(4)] for row in LABELS]
    return dict(
        classes=CLASSES,
        thresholds=[0.5] * 4,
        images=[
            dict(img_path=x, labels=[CLASSES[k] for k in row], scores=scores)
            for x, row, scores in zip(NAMES, LABELS, rows)
        ],
    )


def _predicted_text() -> str:
    lines = [','.join(['img_path', 'labels', *CLASSES])]
    for image in _predictions()['images']:
        names = json.dumps(image['labels']).replace('"', '""')
        scores = ','.join(map(str, image['scores']))
        lines.append(f'{image["img_path"]},"{names}",{scores}')
    return '\n'.join(lines)


def _index_text() -> str:
    return '\n'.join(
        f'{x},{" ".join(map(str, row))}' for x, row in zip(NAMES, LABELS)
    )


def _observed_text() -> str:
    header = dict(
        format='mmwsml.observed_labels',
        version=1,
        num_images=len(NAMES),
        classes=CLASSES,
        made=dict(seed=1),
    )
    rows = [
        dict(sample_id=f'ns/{x}', gt_label=row[:1], neg_label=row[1:])
        for x, row in zip(NAMES, LABELS)
    ]
    return '\n'.join(json.dumps(row) for row in [header, *rows])


def _read_observed(folder: Path, rng: random.Random) -> None:
    path = folder / 'a.jsonl'
    labels = load_observed_labels(str(path))
    images = list(labels)
    check_labels(len(labels.classes), [x[1:3] for x in images])
    for image in images:
        need(labels.of(image.sample_id) == (image[1], image[2]), 'another')
    text = path.read_bytes().decode('utf-8-sig')
    lines = [x for x in text.split('\n') if x.strip()]
    need(len(images) == len(lines) - 1, 'a line is gone')  # but the header


def _read_names(folder: Path, rng: random.Random) -> None:
    names = read_names(str(folder / 'n.txt'))
    need(len(set(names)) == len(names) and all(names), f'{names}')


def _write_matrix(folder: Path) -> None:
    np.save(folder / 'labels.npy', _matrix())


def _observer(name: str) -> Any:
    return lambda folder, rng: _observe(name, folder, rng)


OBSERVED_READERS = [
    text_reader('guesses', 'g.csv', _guesses_text(), _observer('g.csv')),
    text_reader('predicted', 'p.csv', _predicted_text(), _observer('p.csv')),
    text_reader(
        'predictions',
        'p.json',
        json.dumps(_predictions()),
        _observer('p.json'),
    ),
    text_reader('index-list', 'i.txt', _index_text(), _observer('i.txt')),
    Reader('matrix', _write_matrix, _observer('labels.npy'), ['.npy']),
    text_reader('observed', 'a.jsonl', _observed_text(), _read_observed),
    text_reader('class-names', 'n.txt', '\n'.join(CLASSES), _read_names),
]
