"""The readers of Open Images and of features, which stay on disk."""

import random
import shutil
from pathlib import Path

import numpy as np

from mmwsml.datasets import OpenImages
from mmwsml.datasets.open_images_arrays import build_open_images
from mmwsml.structures.feature_arrays import FeatureArrays
from mmwsml.structures.feature_writer import FeatureWriter

from .dataset_readers import check_dataset
from .label_readers import LABELS
from .reader import CLASSES, Reader, need


def _write_open_images(folder: Path) -> None:
    (folder / 'train').mkdir()
    labels = [f'/m/0{k}' for k in range(4)]
    head = 'ImageID,Source,LabelName,Confidence'
    rows = [
        f'{n:016x},verification,{label},{int(k in LABELS[n])}'
        for n in range(len(LABELS))
        for k, label in enumerate(labels)
    ]
    text = '\n'.join([head, *rows])
    (folder / 'train' / 'annotations-human.csv').write_text(text)
    text = '\n'.join(['ImageID,T', *(f'{n:016x},' for n in range(8))])
    (folder / 'train' / 'images.csv').write_text(text)
    (folder / 'classes-trainable.txt').write_text('\n'.join(labels))
    text = '\n'.join(f'{x},{y}' for x, y in zip(labels, CLASSES))
    (folder / 'class-descriptions.csv').write_text(text)


def _read_open_images_csv(folder: Path, rng: random.Random) -> None:
    skip = rng.random() < 0.5
    try:
        build_open_images(str(folder), 'train', skip_bad=skip)
        check_dataset(OpenImages('train', str(folder)), folder)
    finally:
        shutil.rmtree(folder / 'arrays_v1', ignore_errors=True)


def _write_open_images_arrays(folder: Path) -> None:
    _write_open_images(folder)
    build_open_images(str(folder), 'train')


def _read_open_images(folder: Path, rng: random.Random) -> None:
    check_dataset(OpenImages('train', str(folder)), folder)


def _write_features(folder: Path) -> None:
    meta = dict(model='m', weights='w', config='c.py', splits=['train'])
    FeatureWriter.create(folder, np.arange(5), (2, 3), meta)
    writer = FeatureWriter(folder)
    writer.write(np.arange(5), np.zeros((5, 2, 3)))


def _read_features(folder: Path, rng: random.Random) -> None:
    arrays = FeatureArrays(folder)
    need(
        arrays.features.shape == (len(arrays), *arrays.features.shape[1:]), ''
    )
    arrays.features.sum()
    FeatureWriter(folder).read_meta()


ARRAY_READERS = [
    Reader(
        'open-images-csv',
        _write_open_images,
        _read_open_images_csv,
        ['.csv', '.txt'],
    ),
    Reader(
        'open-images-arrays',
        _write_open_images_arrays,
        _read_open_images,
        ['.npy', '.csv'],
    ),
    Reader('features', _write_features, _read_features, ['.npy', '.json']),
]
