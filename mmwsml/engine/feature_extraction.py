"""Computing the pooled features of data sets once."""

import hashlib
import json
from pathlib import Path
from typing import Any, Dict, Optional, Sequence

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dist import init_dist
from mmengine.model import BaseModel
from mmengine.utils.dl_utils import set_multi_processing
from rich.progress import track
from torch.utils.data import DataLoader

from mmwsml.datasets.draft_folder import draft_folder
from mmwsml.structures.feature_writer import FeatureWriter
from mmwsml.structures.processes import (
    gather_numbers,
    num_processes,
    process_rank,
)

from ..inference.trained_model import load_trained_model
from .feature_images import SPLITS, build_images, find_pipelines, make_loader
from .pretrained_model import build_pretrained_model
from .samples import sample_keys

#: What must be equal in two parts of an extraction, beside the images.
IDENTITY = ('model', 'weights', 'preprocessing', 'num_views', 'num_channels')


def extract_features(
    cfg: Config,
    folder: str,
    checkpoint: Optional[str] = None,
    splits: Optional[Sequence[str]] = None,
    flip: bool = False,
) -> None:
    """Write what the linear layer of a model receives of each image.

    The images go through the pipeline of validation. An extraction that was
    stopped goes on; several processes share the work.

    Args:
        cfg (Config): Of the model and the data sets, with ``launcher``.
        folder (str): Where the features go.
        checkpoint (str, optional): Of a run. Defaults to None: the weights
            that training starts from.
        splits (Sequence[str], optional): Of 'train', 'val', 'test'. Defaults
            to None: all that the config has.
        flip (bool): Whether to add the features of the mirrored images.
            Defaults to False.

    Raises:
        ValueError: If weights are random or do not fit, the config lacks a
            split, or the folder holds features of something else.
    """
    set_multi_processing(distributed=cfg.launcher != 'none')
    if cfg.launcher != 'none' and num_processes() == 1:
        init_dist(cfg.launcher, **cfg.env_cfg.dist_cfg)
    if splits is None:
        splits = [s for s in SPLITS if cfg.get(f'{s}_dataloader')]
    pipelines = find_pipelines(cfg, splits)
    images = build_images(cfg, pipelines)
    all_keys = [sample_keys(dataset) for dataset in images.datasets]
    keys, first = np.unique(np.concatenate(all_keys), return_index=True)
    if checkpoint is None:
        model = build_pretrained_model(cfg)
    else:
        model = load_trained_model(checkpoint, cfg)
    meta = dict(
        config=Path(cfg.filename).name,
        checkpoint=checkpoint and Path(checkpoint).name,
        splits=list(splits),
        **_identify(cfg, model, pipelines, flip),
    )
    writer = _open(Path(folder), keys, meta)
    rows = writer.missing()
    gather_numbers(0)  # nobody writes before all have looked
    rows = rows[process_rank() :: num_processes()]
    rows = rows[first[rows].argsort()]  # in the order of the data sets
    loader = make_loader(cfg, images, first[rows].tolist())
    _fill(writer, rows, loader, model)
    gather_numbers(0)


def compute_features(
    model: BaseModel, inputs: torch.Tensor, num_views: int
) -> torch.Tensor:
    """Compute what the linear layer of a head receives.

    Args:
        model (BaseModel): A classifier.
        inputs (Tensor): Normalised images, ``(N, 3, H, W)``.
        num_views (int): V: 1, or 2 for the mirrored images too.

    Returns:
        Tensor: Float32 ``(N, V, C)``.
    """
    views = [inputs, inputs.flip(-1)][:num_views]
    features = [model.head.pre_logits(model.extract_feat(x)) for x in views]
    return torch.stack(features, 1).float()


def _fill(
    writer: FeatureWriter,
    rows: np.ndarray,
    loader: DataLoader,
    model: BaseModel,
) -> None:
    """Write the features of the images of a loader into rows."""
    start = 0
    quiet = process_rank() > 0
    with torch.no_grad():
        for batch in track(loader, 'batches', disable=quiet):
            inputs = model.data_preprocessor(batch)['inputs']
            features = compute_features(model, inputs, writer.num_views)
            end = start + len(features)
            writer.write(rows[start:end], features.cpu().numpy())
            start = end


def _open(folder: Path, keys: np.ndarray, meta: dict) -> FeatureWriter:
    """Make the arrays, or go on with those that are there if they fit."""
    if process_rank() == 0:
        with draft_folder(folder) as draft:
            if draft:
                shape = meta['num_views'], meta['num_channels']
                FeatureWriter.create(draft, keys, shape, meta)
    gather_numbers(0)
    if not (folder / 'meta.json').is_file():
        raise ValueError(
            f'{folder} is there, but holds no features: choose another --out.'
        )
    writer = FeatureWriter(folder)
    found = writer.read_meta()
    for name in IDENTITY:
        if found.get(name) != meta[name]:
            raise ValueError(
                f'{folder} holds features of another `{name}`, '
                f'{found.get(name)} and not {meta[name]}: choose another '
                '--out, or remove the folder.'
            )
    if not np.array_equal(writer.keys, keys):
        raise ValueError(
            f'{folder} holds features of other images, those of '
            f'{found.get("splits")} of {found.get("config")}: choose another '
            '--out, or remove the folder.'
        )
    return writer


def _identify(
    cfg: Config, model: BaseModel, pipelines: Dict[str, list], flip: bool
) -> Dict[str, Any]:
    """Say what features are of, but for the images, in plain values."""
    parts = {name: cfg.model.get(name) for name in ('backbone', 'neck')}
    preprocessor = cfg.model.get('data_preprocessor')
    preprocessor = preprocessor or cfg.get('data_preprocessor')
    weights = hashlib.sha256()
    for name, weight in model.state_dict().items():
        if not name.startswith('head.'):
            weights.update(name.encode())
            weights.update(weight.cpu().contiguous().numpy().tobytes())
    meta = dict(
        model=_without_init(parts),
        weights=weights.hexdigest(),
        preprocessing=dict(pipelines, data_preprocessor=preprocessor),
        num_views=1 + flip,
        num_channels=model.head.fc.in_features,
    )
    return json.loads(json.dumps(meta, default=repr))


def _without_init(value: Any) -> Any:
    """Leave out where weights come from: they speak for themselves."""
    if isinstance(value, dict):
        items = value.items()
        return {k: _without_init(v) for k, v in items if k != 'init_cfg'}
    return value
