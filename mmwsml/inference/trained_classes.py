"""The classes that weights were trained on, against those of the data.

Training, resuming, starting from weights, testing and inference all ask here.
"""

from pathlib import Path
from typing import List, Optional, Sequence

from mmengine.config import Config
from mmengine.model import BaseModel
from torch import nn
from torch.utils.data import Dataset

from .checkpoint import load_from_plain_file

#: The parts of a model that know nothing of classes.
WITHOUT_HEAD = ('backbone.', 'neck.')


def classes_of(checkpoint: dict) -> Optional[List[str]]:
    """Tell which classes a checkpoint was trained on; None if it does not."""
    meta = checkpoint.get('meta')
    dataset_meta = meta.get('dataset_meta') if isinstance(meta, dict) else None
    if not isinstance(dataset_meta, dict):
        return None
    classes = dataset_meta.get('classes')
    return list(classes) if isinstance(classes, (list, tuple)) else None


def classes_in(dataset: Dataset) -> Optional[List[str]]:
    """Tell which classes a data set has; None if it does not say."""
    classes = getattr(dataset, 'metainfo', {}).get('classes')
    return None if classes is None else list(classes)


def refuse_other_classes(
    trained: Optional[Sequence[str]],
    classes: Optional[Sequence[str]],
    where: str,
    remedy: str = 'give all data sets the same classes in the same order',
) -> None:
    """Refuse classes that are not those of training, in the same order.

    Args:
        trained (Sequence[str], optional): What the model was trained with.
        classes (Sequence[str], optional): What it is used with.
        where (str): Where these are from, for the message.
        remedy (str): What to do about it.

    Raises:
        ValueError: If both are known and differ.
    """
    difference = _find_difference(trained, classes)
    if difference is not None:
        raise ValueError(f'{where} {difference}: {remedy}.')


def drop_other_head(
    checkpoint: dict, classes: Optional[Sequence[str]], num_classes: int
) -> Optional[str]:
    """Leave only the backbone of weights that are of other classes.

    Args:
        checkpoint (dict): Loaded to start from; changed in place.
        classes (Sequence[str], optional): Of the training set.
        num_classes (int): Of the head.

    Returns:
        str | None: What was done and why; None where nothing was.
    """
    weights = checkpoint.get('state_dict', checkpoint)
    trained, bias = classes_of(checkpoint), weights.get('head.fc.bias')
    difference = _find_difference(trained, classes)
    known = trained is not None or not getattr(bias, 'ndim', 0)
    if not known and len(bias) != num_classes:
        difference = _describe_counts(num_classes, len(bias))
    if difference is None:
        return None
    # Weights of a model inside DDP may be called module.*.
    for key in list(weights):
        if not key.removeprefix('module.').startswith(WITHOUT_HEAD):
            del weights[key]
    return (
        f'The training set {difference}: of the weights to start from the '
        'backbone alone is taken.'
    )


def refuse_other_start(
    model: nn.Module, classes: Optional[Sequence[str]]
) -> None:
    """Refuse a head that starts from weights of other classes.

    Args:
        model (Module): Its own or its head's ``init_cfg`` names them.
        classes (Sequence[str], optional): Of the training set.

    Raises:
        ValueError: If the weights say that they are of others.
    """
    model = getattr(model, 'module', model)
    for part in (model, getattr(model, 'head', None)):
        start = getattr(part, 'init_cfg', None)
        if not isinstance(start, dict) or start.get('type') != 'Pretrained':
            continue
        if Path(start['checkpoint']).is_file():
            refuse_other_classes(
                classes_of(load_from_plain_file(start['checkpoint'], 'cpu')),
                classes,
                'The training set',
                'start with `load_from`, which takes the backbone alone, and '
                'not with `init_cfg`',
            )


def refuse_other_config(
    checkpoint: dict, config: Config, model: BaseModel, source: str
) -> None:
    """Refuse a config whose data has other classes than a checkpoint.

    Args:
        checkpoint (dict): The checkpoint.
        config (Config): Names the data to test on, or nothing.
        model (BaseModel): Of the config.
        source (str): The checkpoint, for the message.

    Raises:
        ValueError: If both name as many classes, and they differ.
    """
    dataset = (config.get('test_dataloader') or {}).get('dataset') or {}
    while 'dataset' in dataset:
        dataset = dataset['dataset']
    classes = (dataset.get('metainfo') or {}).get('classes')
    classes = classes or model._dataset_meta.get('classes')
    if not isinstance(classes, (list, tuple)):
        return
    if len(classes) == model.head.num_classes:
        refuse_other_classes(
            classes_of(checkpoint),
            classes,
            f'{source}: the config',
            'use the config that it was trained with',
        )


def _find_difference(
    trained: Optional[Sequence[str]], classes: Optional[Sequence[str]]
) -> Optional[str]:
    if trained is None or classes is None:
        return None
    if len(trained) != len(classes):
        return _describe_counts(len(classes), len(trained))
    names = zip(map(str, trained), map(str, classes))
    for index, (first, second) in enumerate(names):
        if first != second:
            return (
                f'calls class {index} {second!r}, but the model was trained '
                f'with {first!r} there'
            )
    return None


def _describe_counts(here: int, trained: int) -> str:
    return f'has {here} classes, but the model was trained with {trained}'
