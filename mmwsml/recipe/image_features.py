"""The features of a fit's images, computed once."""

import json
import shutil
from pathlib import Path
from typing import List, Sequence

import numpy as np
from mmengine.config import Config

from mmwsml.datasets.draft_folder import draft_folder
from mmwsml.engine.feature_extraction import extract_features
from mmwsml.engine.launch import adapt_to_machine
from mmwsml.structures import hash64
from mmwsml.structures.feature_arrays import FeatureArrays
from mmwsml.structures.feature_writer import FeatureWriter
from mmwsml.structures.whole_file import write_json

from .fitted_folder import SPLITS, FittedFolder

ALL = 'all'
TOOL = 'mmwsml fit'
#: Images that are read before another process would have begun.
FEW = 100


def load_own_config(path: Path) -> Config:
    """Read a config of a fit for this machine."""
    cfg = Config.fromfile(str(path))
    cfg.launcher = 'none'
    adapt_to_machine(cfg)
    return cfg


def compute_features(
    folder: FittedFolder,
    config: Path,
    images: Sequence[str],
    classes: Sequence[str],
) -> np.ndarray:
    """Compute the features of images with the weights of a config.

    Args:
        folder (FittedFolder): Keeps them, as those of the split ``'all'``.
        config (Path): Of the model.
        images (Sequence[str]): Below the folder of images.
        classes (Sequence[str]): Names of the classes.

    Returns:
        ndarray: Float32 ``(N, C)``.
    """
    listed = folder.labels(ALL)
    listed.parent.mkdir(exist_ok=True)
    entries = [dict(img_path=path, gt_label=[]) for path in images]
    content = dict(metainfo=dict(classes=list(classes)), data_list=entries)
    write_json(listed, content)
    cfg = load_own_config(config)
    cfg.test_dataloader.dataset.update(ann_file=str(listed), labels='partial')
    if len(images) <= FEW:
        cfg.train_dataloader.num_workers = 0
    target = folder.features(ALL)
    extract_features(cfg, str(target), splits=['test'])
    return read_features(target, [f'images/{path}' for path in images])


def read_features(folder: Path, ids: Sequence[str]) -> np.ndarray:
    """Read features of images, the mean of their views, ``(N, C)``."""
    arrays = FeatureArrays(folder, TOOL)
    shape = len(ids), arrays.num_channels
    found = np.empty(shape, np.float32)
    for row, name in enumerate(ids):
        found[row] = arrays[name].mean(0)
    return found


def share_out(folder: FittedFolder) -> None:
    """Put the features of each split into a folder of its own."""
    for split in SPLITS:
        with draft_folder(folder.features(split)) as draft:
            if draft is not None:
                ids = read_ids(folder, split)
                keys = np.array(sorted(map(hash64, ids)), np.int64)
                _copy([folder.features(ALL)], keys, draft)
    shutil.rmtree(folder.features(ALL), ignore_errors=True)
    folder.labels(ALL).unlink(missing_ok=True)


def take_over(source: FittedFolder, target: FittedFolder) -> None:
    """Begin with the features of another fit, where it still has them.

    Args:
        source (FittedFolder): A fit of the same images.
        target (FittedFolder): Computes the rest.
    """
    folders = [source.features(split) for split in SPLITS]
    if not all(folder.is_dir() for folder in folders):
        return
    with draft_folder(target.features(ALL)) as draft:
        if draft is not None:
            keys = [FeatureArrays(x, TOOL).keys for x in folders]
            _copy(folders, np.unique(np.concatenate(keys)), draft)


def read_ids(folder: FittedFolder, split: str) -> List[str]:
    """Name the images of a split in the order of its labels."""
    text = folder.labels(split).read_text(encoding='utf-8')
    return [f'images/{x["img_path"]}' for x in json.loads(text)['data_list']]


def _copy(sources: Sequence[Path], keys: np.ndarray, target: Path) -> None:
    """Copy the features of images, which are in any of some folders."""
    first = FeatureArrays(sources[0], TOOL)
    meta = json.loads((sources[0] / 'meta.json').read_text(encoding='utf-8'))
    shape = first.num_views, first.num_channels
    FeatureWriter.create(target, keys, shape, meta)
    writer = FeatureWriter(target)
    for source in sources:
        arrays = FeatureArrays(source, TOOL)
        inside = np.flatnonzero(np.isin(keys, arrays.keys))
        for start in range(0, len(inside), 1024):
            part = inside[start : start + 1024]
            rows = arrays.keys.searchsorted(keys[part])
            writer.write(part, arrays.features[rows])
