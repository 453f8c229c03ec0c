"""Scores of training images by models that have not seen them."""

import copy
import hashlib
import json
from pathlib import Path

import numpy as np
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.runner import Runner
from torch.utils.data import ConcatDataset

from mmwsml.datasets.draft_folder import draft_folder
from mmwsml.structures import ImageRows
from mmwsml.structures.feature_writer import FeatureWriter

from ..inference.trained_classes import classes_in
from .feature_images import build_images, find_pipelines, make_loader
from .full_pass import predict_images
from .samples import sample_keys


def predict_out_of_fold(
    cfg: Config, folder: str, num_folds: int, num_epochs: int
) -> None:
    """Predict each fold of the training set by a model of the other folds.

    The models are trained as the config says, on the labels that its
    transforms leave, and are neither validated nor kept; the images are
    predicted with the transforms of validation. Folds that are done stay: a
    run that was stopped goes on with the next. It takes as long as
    ``num_folds`` - 1 trainings of ``num_epochs``: meant is a linear head on
    features, which needs seconds for an epoch.

    Args:
        cfg (Config): Of the model and the data sets, with ``work_dir`` and
            ``launcher`` 'none'.
        folder (str): Where the logits go, in the layout of
            :class:`FeatureArrays` with V = 1 and C = K.
        num_folds (int): At least 2.
        num_epochs (int): Of each training, at least 1.

    Raises:
        ValueError: If there are more folds than images, a number is too
            small, the run is not counted in epochs, the config has no
            ``val_dataloader`` or ``test_dataloader`` to take transforms from,
            or the folder holds something else.
    """
    _check_numbers(cfg, num_folds, num_epochs)
    init_default_scope(cfg.get('default_scope', 'mmpretrain'))
    images = build_images(cfg, find_pipelines(cfg, ['train']))
    all_keys = [sample_keys(dataset) for dataset in images.datasets]
    keys, first = np.unique(np.concatenate(all_keys), return_index=True)
    if num_folds > len(keys):
        raise ValueError(
            f'{num_folds} folds are more than the {len(keys)} training '
            'images: choose fewer.'
        )
    cfg = copy.deepcopy(cfg)
    cfg.train_cfg.max_epochs = num_epochs
    meta = dict(
        config=Path(cfg.filename).name,
        training=_digest(cfg),
        num_folds=num_folds,
        classes=classes_in(images.datasets[0]),
    )
    writer = _open(cfg, Path(folder), keys, meta)
    for fold in range(num_folds):
        rows = np.arange(fold, len(keys), num_folds)
        if np.isin(rows, writer.missing()).any():
            runner = _train(cfg, fold, num_folds)
            logits = _predict(runner, images, first[rows], keys[rows])
            writer.write(rows, logits[:, None])


def _check_numbers(cfg: Config, num_folds: int, num_epochs: int) -> None:
    if num_folds < 2:
        raise ValueError(
            f'The number of folds must be at least 2, but got {num_folds}: '
            'with one, no image is left to train on.'
        )
    if num_epochs < 1:
        raise ValueError(
            f'The number of epochs must be at least 1, but got {num_epochs}.'
        )
    if 'max_epochs' not in cfg.train_cfg:
        raise ValueError(
            f'{cfg.filename}: its train loop counts no epochs, which are set '
            'here: choose a config with `train_cfg.max_epochs`.'
        )


def _train(cfg: Config, fold: int, num_folds: int) -> Runner:
    """Train on the other folds; return the runner."""
    cfg = copy.deepcopy(cfg)
    cfg.train_dataloader.dataset = dict(
        type='mmwsml.OtherFolds',
        dataset=cfg.train_dataloader.dataset,
        fold=fold,
        num_folds=num_folds,
    )
    # Not validated; the labels may tell a hook how many positives there are.
    cfg.train_cfg.val_begin = cfg.train_cfg.max_epochs + 1
    cfg.default_hooks.checkpoint = None
    name = f'fold_{fold}_of_{num_folds}'
    cfg.work_dir = str(Path(cfg.work_dir, name))
    cfg.experiment_name = f'{Path(cfg.filename).stem}_{name}'
    runner = Runner.from_cfg(cfg)
    runner.train()
    return runner


def _predict(
    runner: Runner,
    images: ConcatDataset,
    indices: np.ndarray,
    keys: np.ndarray,
) -> np.ndarray:
    """Predict some images; logits ``(M, K)`` in the order of the keys."""
    loader = make_loader(runner.cfg, images, indices.tolist())
    num_classes = runner.model.head.num_classes
    return predict_images(runner.model, loader, ImageRows(keys), num_classes)


def _open(
    cfg: Config, folder: Path, keys: np.ndarray, meta: dict
) -> FeatureWriter:
    """Make the arrays, or go on with those that are there if they fit."""
    with draft_folder(folder) as draft:
        if draft:
            shape = 1, cfg.model.head.num_classes
            FeatureWriter.create(draft, keys, shape, meta)
    if not (folder / 'meta.json').is_file():
        raise ValueError(
            f'{folder} is there, but holds no scores: choose another --out.'
        )
    writer = FeatureWriter(folder)
    if writer.read_meta() != meta or not np.array_equal(writer.keys, keys):
        raise ValueError(
            f'{folder} holds scores of another config, its options, other '
            'images or another number of folds: choose another --out, or '
            'remove the folder.'
        )
    return writer


def _digest(cfg: Config) -> str:
    """Hash all of a config but where its logs go."""
    content = {k: v for k, v in cfg.to_dict().items() if k != 'work_dir'}
    text = json.dumps(content, sort_keys=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()
