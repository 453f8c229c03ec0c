"""Random batches, formulas as plain loops, small data sets and models."""

import fcntl
import gc
import json
import math
import os
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import cv2
import mmengine.config.config
import mmengine.runner.loops
import mmengine.runner.runner
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.logging import MMLogger
from mmengine.runner import CheckpointLoader
from mmpretrain import get_model
from mmpretrain.datasets.categories import VOC2007_CATEGORIES
from yapf.yapflib import yapf_api

from mmwsml.datasets import NUSWIDE
from mmwsml.datasets.digit_scenes import make_digit_scenes
from mmwsml.evaluation import Predictions
from mmwsml.structures import hash64

NUM_MODULES = pytest.StashKey[int]()
TESTS = Path(__file__).parent
FAMILY = r'(mmengine|mmcv|mmpretrain)'
#: What a test names that stands on the mm packages.
STANDS_ON_FAMILY = re.compile(
    rf'\b({FAMILY}|registry|Runner|configs?|\w*Head|run_tool|start_tool)\b'
    r'|\bmmwsml\.(datasets|engine|inference|label_files)\b'
)
IMPORTS_FAMILY = re.compile(rf'^\s*(from|import) {FAMILY}\b', re.MULTILINE)


def pytest_collection_modifyitems(items):
    """Mark what can break with another family of mm packages."""
    for item in items:
        if _touches_family(item.path):
            item.add_marker(pytest.mark.mm)


@pytest.fixture
def touches_family():
    return _touches_family


@cache
def _touches_family(path):
    """Whether a test file, or what it mirrors, touches the mm packages.

    That is when the file, or a conftest.py of its folders, names them or
    what stands on them, or when the module that it mirrors imports them.
    """
    folders = [f for f in path.parents if TESTS in f.parents]
    files = [path, *(folder / 'conftest.py' for folder in folders)]
    texts = [file.read_text() for file in files if file.exists()]
    if any(map(STANDS_ON_FAMILY.search, texts)):
        return True
    parts = path.relative_to(TESTS).parts
    names = [part.replace('test_', '', 1) for part in parts]
    mirrored = TESTS.parent.joinpath('mmwsml', *names)
    text = mirrored.read_text() if mirrored.exists() else ''
    return bool(IMPORTS_FAMILY.search(text))


def pytest_runtest_setup(item):
    """Take what is imported by now out of the collector's rounds.

    MMEngine calls `gc.collect` for each data set that it builds, which takes
    a quarter of a second beside the modules of torch, MMPretrain and pytest.
    """
    if item.config.stash.get(NUM_MODULES, 0) < len(sys.modules):
        item.config.stash[NUM_MODULES] = len(sys.modules)
        gc.collect()  # or what nobody holds any more would stay
        gc.freeze()


@pytest.fixture(autouse=True, scope='session')
def quick_mmengine():
    """Spare what MMEngine does again and again in runs of a second.

    It formats the config of a run for its log, its file and each checkpoint,
    asks git for each checkpoint, and sleeps two seconds before each pass of
    an endless loader.
    """
    formatted = {}

    def format_once(text, **kwargs):
        if text not in formatted:
            formatted[text] = format_code(text, **kwargs)
        return formatted[text]

    clock = SimpleNamespace(time=time.time, sleep=lambda seconds: None)
    with pytest.MonkeyPatch.context() as patch:
        format_code = yapf_api.FormatCode
        for module in (yapf_api, mmengine.config.config):  # either imports it
            patch.setattr(module, 'FormatCode', format_once, raising=False)
        git_hash = cache(mmengine.runner.runner.get_git_hash)
        patch.setattr(mmengine.runner.runner, 'get_git_hash', git_hash)
        patch.setattr(mmengine.runner.loops, 'time', clock)
        yield


@pytest.fixture
def random_batch():
    return _random_batch


@pytest.fixture
def select_with_loops():
    return _select_with_loops


@pytest.fixture
def loss_with_loops():
    return _loss_with_loops


@pytest.fixture
def on_ranks(monkeypatch):
    """Call a function of the rank on several ranks; list the results."""

    def call(num_ranks, function):
        ranks = ThreadRanks(num_ranks)
        with monkeypatch.context() as patch:
            patch.setattr('mmwsml.structures.processes.dist', ranks)
            return ranks.call(function)

    return call


class ThreadRanks:
    """Stands for torch.distributed; a rank is a thread of this process."""

    def __init__(self, num_ranks):
        self._tensors = [None] * num_ranks
        self._barrier = threading.Barrier(num_ranks, timeout=60)
        self._local = threading.local()

    def call(self, function):
        ranks = range(self.get_world_size())
        with ThreadPoolExecutor(len(ranks)) as pool:
            futures = [pool.submit(self._call, function, r) for r in ranks]
        return [future.result() for future in futures]

    def _call(self, function, rank):
        self._local.rank = rank
        try:
            return function(rank)
        except BaseException:
            self._barrier.abort()  # or the others would wait for ever
            raise

    def is_available(self):
        return True

    def is_initialized(self):
        return True

    def get_backend(self):
        return 'gloo'

    def get_world_size(self):
        return len(self._tensors)

    def get_rank(self):
        return self._local.rank

    def all_gather(self, parts, tensor, group=None):
        self._tensors[self.get_rank()] = tensor
        self._barrier.wait()
        for part, other in zip(parts, self._tensors):
            assert (part.shape, part.dtype) == (other.shape, other.dtype)
            part.copy_(other)
        self._barrier.wait()

    def gather(self, tensor, parts, dst, group=None):
        assert (parts is None) == (dst != self.get_rank())
        self.all_gather(parts or [], tensor)


def _random_batch(seed, num_images=6, num_classes=5, decimals=None):
    """Draw logits, target and observed; few decimals make ties."""
    generator = torch.Generator().manual_seed(seed)
    shape = num_images, num_classes
    logits = 4 * torch.randn(shape, generator=generator)
    if decimals is not None:
        logits = logits.round(decimals=decimals)
    observed = torch.rand(shape, generator=generator) < 0.3
    positive = torch.rand(shape, generator=generator) < 0.5
    return logits.requires_grad_(), (observed & positive).float(), observed


def _select_with_loops(logits, observed, rate, percent_of, sample_ids=None):
    """List the k unobserved entries of the largest l = -log(1 - f).

    l grows with the logit. Equal ones stand in the order of the hash of
    their image, or else of the batch, then of their class.
    """
    values = logits.tolist()
    images = range(len(values))
    if sample_ids is not None:
        images = [hash64(sample_id) for sample_id in sample_ids]
    entries = list(product(*map(range, logits.shape)))
    unobserved = [entry for entry in entries if not observed[entry]]
    counted = unobserved if percent_of == 'unobserved' else entries
    k = min(math.ceil(rate * len(counted)), len(unobserved))
    finite = [(n, i) for n, i in unobserved if math.isfinite(values[n][i])]
    finite.sort(
        key=lambda entry: (
            -values[entry[0]][entry[1]],
            images[entry[0]],
            entry,
        )
    )
    return finite[:k]


def _loss_with_loops(logits, target, rejected=(), corrected=()):
    """Average over images 1 / K * sum_i lambda_i * l_i, and differentiate.

    Rejected: lambda = 0. Corrected: lambda = log f / log(1 - f).
    """
    total, grad = 0.0, torch.zeros(logits.shape, dtype=torch.float64)
    for n, i in product(*map(range, logits.shape)):
        f = 1 / (1 + math.exp(-logits[n, i].item()))
        y = target[n, i].item()
        if (n, i) in rejected:
            continue
        if (n, i) in corrected:
            weight, y = math.log(f) / math.log1p(-f), 1.0
            total += weight * -math.log1p(-f)
        else:
            total += -y * math.log(f) - (1 - y) * math.log1p(-f)
        grad[n, i] = (f - y) / logits.numel()
    return total / logits.numel(), grad


@pytest.fixture
def random_predictions():
    """Return a function that draws what a result file holds."""

    def draw(seed=0, shape=(23, 5), partial=False, decimals=None, split='val'):
        rng = np.random.default_rng(seed)
        scores = rng.random(shape, np.float32)
        if decimals is not None:
            scores = scores.round(decimals)
        target = rng.random(shape) < 0.4
        observed = rng.random(shape) < 0.5 if partial else None
        return Predictions(
            scores,
            target if observed is None else target & observed,
            observed,
            [f'images/{split}/{n}.png' for n in range(shape[0])],
            [f'set/{split}/{n}.png' for n in range(shape[0])],
            tuple(f'c{k}' for k in range(shape[1])),
            split,
        )

    return draw


@pytest.fixture
def logged(monkeypatch):
    """Collect the warnings of the logger."""
    messages = []
    logger = MMLogger.get_current_instance()
    monkeypatch.setattr(logger, 'warning', messages.append)
    return messages


@pytest.fixture
def real_data():
    """Find the real data; a test that asks for it is skipped without."""
    if 'MMWSML_DATA' not in os.environ:
        pytest.skip('MMWSML_DATA is not set')
    return Path(os.environ['MMWSML_DATA'])


@pytest.fixture(scope='session')
def digit_scenes(tmp_path_factory):
    """Make DigitScenes once for all processes of pytest; only to be read."""
    folder = tmp_path_factory.getbasetemp()
    if 'PYTEST_XDIST_WORKER' in os.environ:
        folder = folder.parent
    root = folder / 'digit_scenes'
    with (folder / 'digit_scenes.lock').open('w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_digit_scenes(str(root))
    return root


@pytest.fixture
def write_layout():
    """Write small data in the layout of an original data set.

    Called with the set's name, a folder, and split -> image -> positives.
    """
    return lambda name, root, splits: LAYOUTS[name](root, splits)


def _write(path, lines):
    """Write lines, and a picture where none are given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if lines is None:
        cv2.imwrite(str(path), np.full((8, 12, 3), 128, np.uint8))
    else:
        path.write_text(''.join(f'{line}\n' for line in lines))


def _write_voc(root, splits):
    for split, images in splits.items():
        for index, name in enumerate(VOC2007_CATEGORIES):
            # The official files separate 1 by two blanks, -1 by one.
            lines = [
                f'{image} {" 1" if index in positives else "-1"}'
                for image, positives in images.items()
            ]
            _write(root / f'ImageSets/Main/{name}_{split}.txt', lines)
        for image in images:
            _write(root / f'JPEGImages/{image}.jpg', None)


def _write_coco(root, splits, num_classes=80):
    categories = [dict(id=k + 1, name=f'c{k}') for k in range(num_classes)]
    for split, images in splits.items():
        files = {image: f'COCO_{split}_{image:012}.jpg' for image in images}
        content = dict(
            images=[dict(id=i, file_name=files[i]) for i in images],
            annotations=[
                dict(image_id=i, category_id=k + 1, segmentation=[[0, 1.5]])
                for i, positives in images.items()
                for k in positives
            ],
            categories=categories,
        )
        text = json.dumps(content)
        _write(root / f'annotations/instances_{split}.json', [text])
        for name in files.values():
            _write(root / split / name, None)


def _write_nus_official(root, splits):
    for split, images in splits.items():
        part = split.title()
        names = [image.replace('/', '\\') for image in images]
        _write(root / f'ImageList/{part}Imagelist.txt', names)
        for index, name in enumerate(NUSWIDE.METAINFO['classes']):
            lines = [int(index in labels) for labels in images.values()]
            folder = root / 'Groundtruth/TrainTestLabels'
            _write(folder / f'Labels_{name}_{part}.txt', lines)
        for image in images:
            _write(root / 'Flickr' / image, None)


def _write_nus_spml(root, splits):
    for split, images in splits.items():
        labels = np.zeros((len(images), 81))
        for row, positives in enumerate(images.values()):
            labels[row, positives] = 1
            _write(root / 'Flickr' / list(images)[row], None)
        part = 'train' if split == 'train' else 'val'
        np.save(root / f'formatted_{part}_images.npy', np.array(list(images)))
        np.save(root / f'formatted_{part}_labels.npy', labels)


def _write_cub(root, splits, num_classes=312):
    folder = root / 'CUB_200_2011'
    names = [f'{k + 1} has_part::a{k}' for k in range(num_classes)]
    _write(root / 'attributes.txt', names)
    images = [(x, s) for s in splits for x in splits[s]]
    numbered = list(enumerate(images, 1))
    lines = [f'{number} {image}' for number, (image, _) in numbered]
    _write(folder / 'images.txt', lines)
    lines = [f'{i} {int(split == "train")}' for i, (_, split) in numbered]
    _write(folder / 'train_test_split.txt', lines)
    lines = [
        f'{number} {k + 1} {int(k in splits[split][image])} 3 27.708'
        for number, (image, split) in numbered
        for k in range(num_classes)
    ]
    _write(folder / 'attributes/image_attribute_labels.txt', lines)
    for image, _ in images:
        _write(folder / 'images' / image, None)


LAYOUTS = {
    'voc12': _write_voc,
    'coco14': _write_coco,
    'nusofficial': _write_nus_official,
    'nusspml': _write_nus_spml,
    'cub': _write_cub,
}


@pytest.fixture(autouse=True)
def own_checkpoint_loader(monkeypatch):
    """Undo what PlainCheckpointHook does to the process."""
    schemes = dict(CheckpointLoader._schemes)
    monkeypatch.setattr(CheckpointLoader, '_schemes', schemes)
    monkeypatch.setenv('TORCH_FORCE_WEIGHTS_ONLY_LOAD', '0')


class Exploit:
    """A pickle that makes a file when it is loaded."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), 'w')


@pytest.fixture
def evil(tmp_path):
    """Write a checkpoint that makes the file `made` when it is unpickled."""
    path = tmp_path / 'evil.pth'
    torch.save(dict(state_dict={}, meta=Exploit(tmp_path / 'made')), path)
    return path


@pytest.fixture
def small_config(tmp_path):
    """Write the config of a small model, three classes, 20 x 20 px."""
    pipeline = [
        dict(type='mmwsml.LoadImage'),
        dict(type='Resize', scale=(20, 20)),
        dict(type='mmwsml.PackPartialLabels'),
    ]
    dataset = dict(type='mmwsml.PartialLabelDataset', pipeline=pipeline)
    head = dict(type='mmwsml.PartialLabelHead', num_classes=3, in_channels=8)
    backbone = dict(type='mmwsml.DigitNet', channels=(8, 8), strides=(2, 2))
    config = Config(
        dict(
            default_scope='mmpretrain',
            data_preprocessor=dict(mean=[90.0] * 3, std=[60.0] * 3),
            model=dict(
                type='ImageClassifier',
                backbone=backbone,
                neck=dict(type='GlobalAveragePooling'),
                head=head,
            ),
            test_dataloader=dict(dataset=dataset),
        )
    )
    config.dump(tmp_path / 'small.py')
    return str(tmp_path / 'small.py')


@pytest.fixture
def small_checkpoint(small_config, tmp_path):
    """Write a checkpoint of random weights, as a run does."""
    torch.manual_seed(0)
    model = get_model(small_config)
    torch.nn.init.normal_(model.head.fc.weight)
    meta = dict(dataset_meta=dict(classes=('cat', 'dog', 'emu')), epoch=3)
    path = tmp_path / 'epoch_3.pth'
    content = dict(meta=meta, state_dict=model.state_dict(), optimizer={})
    torch.save(content, path)
    return str(path)
