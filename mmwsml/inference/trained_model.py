"""A trained model from its checkpoint, without running code from the file."""

from typing import Any, Dict, Optional, Sequence, Union

import torch
from mmengine.config import Config
from mmengine.model import BaseModel
from mmpretrain import get_model

from .checkpoint import load_from_plain_file, refuse_pickled_code
from .published_config import read_config
from .trained_classes import refuse_other_config

#: Parts of the state that only training needs.
TRAINING_ONLY = ('head.loss_module.', 'head.label_store.')


def load_trained_model(
    checkpoint: str,
    config: Union[str, Config, None] = None,
    device: Optional[str] = None,
) -> BaseModel:
    """Build a model and load its weights.

    Args:
        checkpoint (str): A checkpoint of a run, or one that
            tools/publish_model.py wrote.
        config (str | Config, optional): Of the run. Defaults to None: the one
            inside a published checkpoint.
        device (str, optional): Defaults to None: a GPU where there is one.

    Returns:
        BaseModel: In evaluation mode; ``_config`` holds its config,
        ``_dataset_meta`` its ``classes`` and, of a published checkpoint,
        ``thresholds``.

    Raises:
        FileNotFoundError: If a file does not exist.
        ValueError: If the checkpoint holds more than plain weights, its
            weights or classes do not fit the config, there is no config, or
            the device is not there.
    """
    place = _find_device(device)
    refuse_pickled_code()
    content = load_from_plain_file(checkpoint, map_location='cpu')
    meta = content.get('meta', {})
    published = config is None
    if published:
        config = read_config(meta.get('inference_config'), checkpoint)
    elif isinstance(config, str):
        config = Config.fromfile(config)
    model = _build(config, checkpoint)
    weights = content.get('state_dict', content)
    check_weights(model, weights, checkpoint)
    model.load_state_dict(weights, strict=False)
    if not published:  # or else it names no classes
        refuse_other_config(content, config, model, checkpoint)
    model._dataset_meta = dict(classes=_find_classes(meta, model, checkpoint))
    if 'thresholds' in meta:
        model._dataset_meta['thresholds'] = meta['thresholds']
    if place.type == 'cpu':
        # As ChannelsLastHook does, for the same rounding as in a test.
        model = model.to(memory_format=torch.channels_last)
    return model.to(place)


def _build(config: Config, source: str) -> BaseModel:
    """Build the model of a config that may come with a checkpoint."""
    try:
        return get_model(config, pretrained=False)
    except Exception as error:  # what a config names raises almost anything
        if config.filename is not None:  # a config of the user's own
            raise
        raise ValueError(
            f'{source}: its config builds no model ({error!r:.200}); name the '
            'config of its run.'
        ) from error


def check_weights(model: BaseModel, weights: dict, source: str) -> None:
    """Refuse weights that do not fit a model, where MMEngine only warns.

    Args:
        model (BaseModel): Not changed.
        weights (dict[str, Tensor]): Its ``state_dict``.
        source (str): Where they come from, for the message.

    Raises:
        ValueError: If a weight is missing, unknown or of another shape.
    """
    own = model.state_dict()
    weights = {k: v for k, v in weights.items() if isinstance(v, torch.Tensor)}
    name = 'head.fc.weight'
    if name in own and name in weights and weights[name].dim():
        theirs, ours = len(weights[name]), len(own[name])
        if theirs != ours:
            raise ValueError(
                f'{source}: is of a model of {theirs} classes, but the config '
                f'has {ours}; use the config that it was trained with.'
            )
    shared = own.keys() & weights.keys()
    faults = [
        *(key for key in own.keys() ^ weights.keys() if _matters(key)),
        *(key for key in shared if own[key].shape != weights[key].shape),
    ]
    if faults:
        raise ValueError(
            f'{source}: {len(faults)} weights are missing, unknown or of '
            f'another shape than those of the config, such as {min(faults)}; '
            'use the config that it was trained with.'
        )


def _matters(key: str) -> bool:
    return not key.startswith(TRAINING_ONLY)


def _find_device(device: Optional[str]) -> torch.device:
    """Check that a device can be used."""
    if device is None:
        return torch.device('cuda' if torch.cuda.is_available() else 'cpu')
    try:
        found = torch.device(device)
        torch.empty(1, device=found)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ValueError(
            f'The device {device!r} cannot be used on this machine; choose '
            "another, such as 'cpu'."
        ) from error
    return found


def _find_classes(
    meta: Dict[str, Any], model: BaseModel, source: str
) -> Sequence[str]:
    """Name the classes, from the checkpoint or from the config."""
    from_run = (meta.get('dataset_meta') or {}).get('classes')
    classes = from_run or model._dataset_meta.get('classes')
    num_classes = model.head.num_classes
    if classes is None or len(classes) != num_classes:
        found = 'no names' if classes is None else f'{len(classes)} names'
        raise ValueError(
            f'{source}: holds {found} for {num_classes} classes (`classes` '
            'in `meta.dataset_meta`); use a checkpoint that mmengine saved in '
            'training.'
        )
    return tuple(str(name) for name in classes)
