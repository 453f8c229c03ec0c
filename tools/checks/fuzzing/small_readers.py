"""The readers of small files around a run, and of images."""

import json
import random
from pathlib import Path

import numpy as np
from PIL import Image

from mmwsml.analysis.clean_up.answers import read_answers
from mmwsml.analysis.corrections import read_refused
from mmwsml.datasets.image_file import check_image_file, read_image
from mmwsml.evaluation.class_groups import read_class_counts
from mmwsml.evaluation.thresholds import read_thresholds
from mmwsml.inference.inference_files import find_images
from mmwsml.inference.trained_model import read_config

from .label_readers import NAMES
from .reader import CLASSES, Reader, need, text_reader
from .run_readers import CONFIG


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


def _read_config(folder: Path, rng: random.Random) -> None:
    path = folder / 'a.json'
    read_config(path.read_text(errors='replace'), str(path))


def _write_images(folder: Path) -> None:
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


THRESHOLDS = json.dumps(dict(classes=CLASSES, thresholds=[0.5] * 4))
COUNTS = '\n'.join(f'{n},{x},{n},5' for n, x in enumerate(CLASSES))
COUNTS = f'label,name,positives,negatives\n{COUNTS}'
SMALL_READERS = [
    Reader('images', _write_images, _read_images, ['.png', '.jpg']),
    text_reader('answers', 'answers.csv', _answers_text(), _read_answers),
    text_reader('refused', 'answers.csv', _answers_text(), _read_refused),
    text_reader('class-counts', 'counts.csv', COUNTS, _read_counts),
    text_reader('thresholds', 'thresholds.json', THRESHOLDS, _read_thresholds),
    text_reader('config', 'a.json', json.dumps(CONFIG), _read_config),
    text_reader('image-list', 'list.txt', '\n'.join(NAMES), _read_list),
]
