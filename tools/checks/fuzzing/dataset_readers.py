"""The readers of files that training reads."""

import json
import random
from pathlib import Path
from typing import Any, Sequence

import numpy as np
from PIL import Image

from mmwsml.datasets import (
    NUSWIDE,
    COCOMultiLabel,
    CUBAttributes,
    PartialLabelDataset,
    VOCMultiLabel,
)

from .label_readers import NAMES, VOC, coco_text, json_text
from .reader import Reader, check_labels, need


def _write_images(folder: Path, names: Sequence[str] = tuple(NAMES)) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new('RGB', (4, 4)).save(folder / name, 'JPEG')


def check_dataset(dataset: Any, folder: Path) -> None:
    """Check all images of a data set."""
    infos = [dataset.get_data_info(n) for n in range(len(dataset))]
    for name in ('gt_label', 'neg_label'):
        lists = [(info.get(name, []), ()) for info in infos]
        check_labels(len(dataset.metainfo['classes']), lists)
    ids = [info['sample_id'] for info in infos]
    need(len(set(ids)) == len(ids) > 0, 'an image twice')
    for fault in getattr(dataset, 'faults', ()):
        need(len(fault) < 3000, f'a message of {len(fault)} letters')
    ''.join(ids).encode()


def _read_coco(folder: Path, rng: random.Random) -> None:
    dataset = COCOMultiLabel(
        'labels.json',
        data_root=str(folder),
        data_prefix='images',
        with_boxes=rng.random() < 0.5,
        skip_bad=rng.random() < 0.5,
    )
    check_dataset(dataset, folder)
    data = json.loads((folder / 'labels.json').read_bytes())
    counted = len(dataset) + dataset.num_unlisted + len(dataset.faults)
    need(counted >= len(data['images']), 'an image is gone')


def _write_coco(folder: Path) -> None:
    _write_images(folder / 'images')
    (folder / 'labels.json').write_text(coco_text(lvis=False))


def _read_partial(folder: Path, rng: random.Random) -> None:
    skip = rng.random() < 0.5
    dataset = PartialLabelDataset(
        'labels.json',
        data_root=str(folder),
        data_prefix='images',
        skip_bad=skip,
    )
    check_dataset(dataset, folder)
    data = json.loads((folder / 'labels.json').read_bytes())
    counted = len(dataset) + len(dataset.faults)
    need(counted == len(data['data_list']), 'an entry is gone')


def _write_partial(folder: Path) -> None:
    _write_images(folder / 'images')
    (folder / 'labels.json').write_text(json_text(by_name=False))


def _write_voc(folder: Path) -> None:
    _write_images(folder / 'JPEGImages', NAMES[:3])
    (folder / 'ImageSets' / 'Main').mkdir(parents=True)
    (folder / 'Annotations').mkdir()
    for index, name in enumerate(VOCMultiLabel.METAINFO['classes']):
        rows = [f'{n} {1 if index % 3 == n else -1}' for n in range(3)]
        path = folder / 'ImageSets' / 'Main' / f'{name}_train.txt'
        path.write_text('\n'.join(rows))
    for name in NAMES[:3]:
        path = folder / 'Annotations' / f'{name[:-4]}.xml'
        box = '<bndbox>' + ''.join(
            f'<{x}>1</{x}>' for x in ('xmin', 'ymin', 'xmax', 'ymax')
        )
        text = VOC.replace('<difficult>1</difficult>', box + '</bndbox>')
        path.write_text(text.format(name))


def _read_voc(folder: Path, rng: random.Random) -> None:
    dataset = VOCMultiLabel(
        'train', str(folder), with_boxes=True, skip_bad=rng.random() < 0.5
    )
    check_dataset(dataset, folder)


def _write_nus(folder: Path) -> None:
    names = [f'actor/{name}' for name in NAMES]
    _write_images(folder / 'Flickr', names)
    (folder / 'ImageList').mkdir()
    text = '\n'.join(name.replace('/', '\\') for name in names)
    (folder / 'ImageList' / 'TrainImagelist.txt').write_text(text)
    labels = folder / 'Groundtruth' / 'TrainTestLabels'
    labels.mkdir(parents=True)
    matrix = np.zeros((len(names), 81))
    matrix[:, ::7] = 1
    for name, column in zip(NUSWIDE.METAINFO['classes'], matrix.T):
        text = '\n'.join(str(int(x)) for x in column)
        (labels / f'Labels_{name}_Train.txt').write_text(text)
    np.save(folder / 'formatted_train_images.npy', np.array(names))
    np.save(folder / 'formatted_train_labels.npy', matrix)


def _nus(version: str) -> Any:
    def read(folder: Path, rng: random.Random) -> None:
        skip = rng.random() < 0.5
        dataset = NUSWIDE(version, 'train', str(folder), skip_bad=skip)
        check_dataset(dataset, folder)

    return read


def _write_cub(folder: Path) -> None:
    root = folder / 'CUB_200_2011'
    _write_images(root / 'images', NAMES[:3])
    (root / 'attributes').mkdir()
    (folder / 'attributes.txt').write_text('1 a::b\n2 c::d\n')
    (root / 'images.txt').write_text('1 0.jpg\n2 1.jpg\n3 2.jpg\n')
    (root / 'train_test_split.txt').write_text('1 1\n2 0\n3 1\n')
    rows = [f'{n} {k} {n % 2} 3 1.0' for n in (1, 2, 3) for k in (1, 2)]
    path = root / 'attributes' / 'image_attribute_labels.txt'
    path.write_text('\n'.join(rows))


def _read_cub(folder: Path, rng: random.Random) -> None:
    skip = rng.random() < 0.5
    dataset = CUBAttributes('train', str(folder), skip_bad=skip)
    check_dataset(dataset, folder)


DATASET_READERS = [
    Reader('coco-dataset', _write_coco, _read_coco, ['.json']),
    Reader('partial-dataset', _write_partial, _read_partial, ['.json']),
    Reader('voc-dataset', _write_voc, _read_voc, ['.txt', '.xml']),
    Reader('nus-official', _write_nus, _nus('official'), ['.txt']),
    Reader('nus-spml', _write_nus, _nus('spml'), ['.npy']),
    Reader('cub-dataset', _write_cub, _read_cub, ['.txt']),
]
