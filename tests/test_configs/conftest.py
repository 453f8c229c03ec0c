"""The configs, and data sets of some images in the layouts they read."""

import copy
import importlib.util
import json
import re
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.runner import CheckpointLoader

from mmwsml.datasets.open_images_arrays import build_open_images
from mmwsml.structures import hash64
from mmwsml.structures.feature_writer import FeatureWriter

REPOSITORY = Path(__file__).parents[2]
ROOT = REPOSITORY / 'configs'
LEAVES = sorted(
    path.relative_to(ROOT)
    for path in ROOT.rglob('*.py')
    if '_base_' not in path.parts
)
NAME = re.compile(
    r'(?P<method>[a-z-]+)_(?P<backbone>[a-z0-9-]+)'
    r'(?:_(?P<init>[a-z0-9]+)-pre)?'
    r'_(?P<gpus>\d+)xb(?P<batch>\d+)-(?P<schedule>[a-z-]+)-(?P<epochs>\d+)e'
    r'_(?P<dataset>[a-z0-9]+)-(?P<labels>[a-z0-9]+)(?:-(?P<px>\d+)px)?'
)
#: Set -> its folder below MMWSML_DATA, its splits and the paper's classes.
ORIGINALS = {
    'voc12': ('VOCdevkit/VOC2012', 'train', 'val', 20),
    'coco14': ('coco', 'train2014', 'val2014', 80),
    'nusofficial': ('nuswide', 'train', 'test', 81),
    'nusspml': ('nuswide', 'train', 'test', 81),
    'cub': ('cub', 'train', 'test', 312),
}


@pytest.fixture
def configs():
    """The folder of the configs."""
    return ROOT


@cache
def read_once(path):
    """Read a config and the parts of its name."""
    parts = NAME.fullmatch(path.stem)
    assert parts, f'{path} does not follow the pattern of names'
    return path, parts.groupdict(), Config.fromfile(ROOT / path)


def _one_of_each_kind():
    kinds = {}
    for path in LEAVES:
        name = NAME.fullmatch(path.stem).groupdict()
        features = name['backbone'].endswith('-features')
        kinds.setdefault((name['dataset'], name['method'], features), path)
    for (dataset, method, _), path in kinds.items():
        quick = method == 'll-cp' and dataset in ('voc12', 'openimagesv3')
        yield pytest.param(path, marks=[] if quick else [pytest.mark.slow])


@pytest.fixture
def read_leaves():
    """Return a function that reads the configs whose name has such parts."""

    def read(**parts):
        return [
            (path, name, copy.deepcopy(cfg))
            for path, name, cfg in map(read_once, LEAVES)
            if parts.items() <= name.items()
        ]

    return read


@pytest.fixture(params=LEAVES, ids=lambda path: path.stem, scope='session')
def leaf(request):
    """Read a config and the parts of its name; nothing may change them."""
    return read_once(request.param)


def _list_data_sets():
    data_sets = {}
    for path in LEAVES:
        name = NAME.fullmatch(path.stem).groupdict()
        data_sets.setdefault(name['dataset'], []).append((path, name))
    return data_sets.items()


@pytest.fixture(params=_list_data_sets(), ids=lambda item: item[0])
def data_set(request):
    """Name a data set, and its configs with the parts of their names."""
    return request.param


@pytest.fixture(params=[*_one_of_each_kind()], ids=lambda path: path.stem)
def kind(request):
    """Name a config of each method on each data set."""
    return read_once(request.param)[:2]


@pytest.fixture(autouse=True)
def own_process_state(monkeypatch):
    """Undo what PlainCheckpointHook and the default scope do."""
    schemes = dict(CheckpointLoader._schemes)
    monkeypatch.setattr(CheckpointLoader, '_schemes', schemes)
    monkeypatch.setenv('TORCH_FORCE_WEIGHTS_ONLY_LOAD', '0')
    init_default_scope('mmpretrain')


@pytest.fixture
def write_original(tmp_path, write_layout):
    """Return a function that writes an original set below ``tmp_path``."""

    def write(name, num_train, num_test):
        folder, train, test, num_classes = ORIGINALS[name]
        names = range(1, num_train + num_test + 1)
        if name != 'coco14':
            names = [f'a/{n}.jpg' for n in names]
        if name == 'voc12':
            names = [name[2:-4] for name in names]
        labels = [[n % 3, num_classes - 1] for n in range(len(names))]
        images = dict(zip(names, labels))
        tests = {name: images.pop(name) for name in names[num_train:]}
        splits = {train: images, test: tests}
        write_layout(name, tmp_path / folder, splits)
        return num_classes

    return write


@pytest.fixture
def miniature(request, tmp_path, monkeypatch, write_original):
    """Write a data set: 5 to train and validate on, or 4; some to test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('MMWSML_DATA', str(tmp_path))
    monkeypatch.setenv('MMWSML_FEATURES', str(tmp_path / 'features'))
    monkeypatch.setenv('MMWSML_SCORES', str(tmp_path / 'scores'))
    folders = {'images': 'data/images', 'coco18': 'coco18'}

    def write(name):
        if name in ORIGINALS:
            write_original(name, num_train=5, num_test=3)
        elif name == 'openimagesv3':
            _write_open_images(tmp_path / 'openimages_v3')
        elif name == 'digitscenes':
            scenes = request.getfixturevalue('digit_scenes')
            (tmp_path / 'data').mkdir()
            (tmp_path / 'data' / 'digit_scenes').symlink_to(scenes)
        else:
            _write_lists(tmp_path / folders[name], name)

    return write


def _write_picture(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(list(path.name.encode()))
    pixels = rng.integers(0, 256, (64, 80, 3), np.uint8)
    cv2.imwrite(str(path), pixels)


def _write_open_images(root):
    path = REPOSITORY / 'tools' / 'benchmarks' / 'synthetic_openimages.py'
    spec = importlib.util.spec_from_file_location('synthetic', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for split in ('train', 'validation', 'test'):
        module.write_synthetic(str(root), 4, split=split)
        build_open_images(str(root), split)
        for line in (root / split / 'images.csv').read_text().split('\n')[1:]:
            if line:
                _write_picture(root / split / f'{line.split(",")[0]}.jpg')


def _write_lists(root, namespace):
    num_classes = dict(images=20, coco18=18)[namespace]
    metainfo = dict(classes=[f'c{k}' for k in range(num_classes)])
    for split in ('train', 'val', 'test'):
        data_list = []
        for n in range(4):
            _write_picture(root / 'images' / f'{split}{n}.jpg')
            data_list.append(dict(img_path=f'{split}{n}.jpg', gt_label=[n, 5]))
        text = json.dumps(dict(metainfo=metainfo, data_list=data_list))
        (root / f'{split}.json').write_text(text)
    ids = [f'{namespace}/{p.name}' for p in root.glob('images/*')]
    keys = np.sort([hash64(sample_id) for sample_id in ids])
    for name, size in ((f'features/{namespace}', 1280), ('scores', 18)):
        folder = root.parent / name
        folder.mkdir(parents=True)
        FeatureWriter.create(folder, keys, (1, size), {})
        values = np.random.default_rng(0).normal(size=(len(keys), 1, size))
        FeatureWriter(folder).write(np.arange(len(keys)), values)
