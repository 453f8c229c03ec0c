"""A checkpoint cut down to what inference needs."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any, Dict, Optional

import torch
from mmengine.config import Config

from mmwsml.evaluation.thresholds import read_thresholds
from mmwsml.structures.format_version import FORMAT_VERSION
from mmwsml.structures.whole_file import write_whole
from mmwsml.version import __version__

from .checkpoint import VERSION_KEY
from .published_config import read_config
from .trained_model import TRAINING_ONLY, load_trained_model


def publish_model(
    checkpoint: str,
    config: str,
    thresholds: Optional[str] = None,
    out_dir: Optional[str] = None,
) -> Path:
    """Write weights, classes, thresholds and the config of inference.

    No optimizer, history or label store is left, nor the data's paths. The
    weights are those of evaluation: where the run averaged them (EMA), the
    averages.

    Args:
        checkpoint (str): A checkpoint of a run.
        config (str): The config of the run.
        thresholds (str, optional): File of thresholds, as
            tools/analysis/calibrate.py writes it. Defaults to None: none.
        out_dir (str, optional): Defaults to None: the checkpoint's folder.

    Returns:
        Path: ``<name of the config>-<first 8 digits of its sha256>.pth``,
        which ``torch.load(weights_only=True)`` reads.

    Raises:
        FileNotFoundError: If a file does not exist.
        ValueError: If the checkpoint holds more than plain weights, does not
            fit the config, or the thresholds are of other classes.
    """
    cfg = Config.fromfile(config)
    model = load_trained_model(checkpoint, cfg, device='cpu')
    classes = model._dataset_meta['classes']
    meta: Dict[str, Any] = dict(
        dataset_meta=dict(classes=list(classes)),
        inference_config=_dump_config(cfg),
        mmwsml_version=__version__,
        **{VERSION_KEY: FORMAT_VERSION},
    )
    if thresholds is not None:
        found = read_thresholds(thresholds)
        found.check(classes, thresholds)
        meta['thresholds'] = found.values.tolist()
    read_config(meta['inference_config'], config)  # can be read again
    weights = {
        key: value.contiguous()
        for key, value in model.state_dict().items()
        if not key.startswith(TRAINING_ONLY)
    }
    file = io.BytesIO()
    torch.save(dict(meta=meta, state_dict=weights), file)
    digest = hashlib.sha256(file.getvalue()).hexdigest()
    folder = Path(out_dir or Path(checkpoint).parent)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f'{Path(config).stem}-{digest[:8]}.pth'
    write_whole(path, file.getvalue())
    return path


def _dump_config(cfg: Config) -> str:
    """Write as JSON what builds the model and prepares an image."""
    model = cfg.model.to_dict()
    model.setdefault('data_preprocessor', cfg.get('data_preprocessor'))
    _drop_init_cfg(model)
    model['head'].pop('label_store', None)  # may be larger than the data
    # MMPretrain asks for the type of the data set, too.
    dataset = {k: cfg.test_dataloader.dataset[k] for k in ('type', 'pipeline')}
    kept = dict(
        default_scope='mmpretrain',
        model=model,
        test_dataloader=dict(dataset=dataset),
    )
    return json.dumps(Config(kept).to_dict())


def _drop_init_cfg(model: dict) -> None:
    """Forget where training started: the weights are all there."""
    model.pop('init_cfg', None)
    for child in model.values():
        if isinstance(child, dict):
            _drop_init_cfg(child)
