"""Whether the parts of a model fit, found without computing anything."""

import copy
import random
from contextlib import contextmanager
from typing import Any, Dict, Iterator, Optional, Tuple

import numpy as np
import torch
from mmengine.model import BaseModel
from mmengine.runner import Runner
from mmpretrain.models import CSRAClsHead, ImageClassifier
from torch import nn
from torch.utils.data import Dataset

from .head import bare_model


def check_shapes(runner: Runner, dataset: Dataset) -> None:
    """Refuse a head that does not take what backbone and neck give.

    The first image tells the size; weights and pixels stay out of it.

    Args:
        runner (Runner): The run.
        dataset (Dataset): What it trains on.

    Raises:
        ValueError: If the channels of two parts differ.
    """
    model = bare_model(runner)
    if not isinstance(model, ImageClassifier) or not model.with_head:
        return
    if not _is_stock(model, 'extract_feat', 'forward', 'loss'):
        return  # what it does with an image, or a feature, is its own
    expected = _channels_of(model.head)
    shape = _shape_of(model, dataset)
    if expected is None or shape is None:
        return
    try:
        features = _extract(model, shape)
    except RuntimeError as error:
        if 'channel' in str(error):
            raise ValueError(
                f'The backbone does not take images of {shape[0]} channels, '
                'as `train_dataloader` gives them: set '
                '`model.backbone.in_channels`, or load them in colour.'
            ) from error
        return  # not to be told without weights: the run will tell
    except Exception:  # a network of others raises almost anything
        return
    given = features[-1].shape[1]
    if given != expected:
        raise ValueError(
            f'The head has in_channels={expected}, but backbone and neck give '
            f'{given} channels: set `model.head.in_channels={given}`.'
        )


def _channels_of(head: nn.Module) -> Optional[int]:
    """Tell how many channels a head takes; None if it is of another kind."""
    if not _is_stock(head, 'forward', 'pre_logits', 'loss'):
        return None
    if isinstance(head, CSRAClsHead):
        return head.csra_heads[0].head.in_channels
    fc = getattr(head, 'fc', None)
    return fc.in_features if isinstance(fc, nn.Linear) else None


def _is_stock(part: nn.Module, *methods: str) -> bool:
    """Whether methods are MMPretrain's or ours, not those of a subclass."""
    return all(
        getattr(type(part), method).__module__.startswith(
            ('mmpretrain.', 'mmwsml.')
        )
        for method in methods
    )


def _shape_of(model: BaseModel, dataset: Dataset) -> Optional[Tuple]:
    """Tell the size of the first image as the network will see it."""
    try:
        with _same_randomness():
            shape = tuple(dataset[0]['inputs'].shape)
    except Exception:  # the run will tell what is wrong with it
        return None
    mean = getattr(model.data_preprocessor, 'mean', None)
    if mean is not None and shape[0] == 1:
        return (len(mean), *shape[1:])  # a grey image is spread over them
    return shape


def _extract(model: BaseModel, shape: Tuple) -> Tuple[torch.Tensor, ...]:
    """Pass the shape of an image through backbone and neck."""
    hollow: Dict[int, Any] = {}
    parts = [model.backbone, *([model.neck] if model.with_neck else [])]
    for part in parts:
        for tensor in (*part.parameters(), *part.buffers()):
            empty = tensor.detach().to('meta')
            if isinstance(tensor, nn.Parameter):
                empty = nn.Parameter(empty, requires_grad=False)
            hollow[id(tensor)] = empty  # in the place of a copy
    features: Any = torch.empty(2, *shape, device='meta')
    for part in parts:
        twin = copy.deepcopy(part, hollow)
        twin.eval()  # returns nothing in MMPretrain's backbones
        features = twin(features)
    return features if isinstance(features, tuple) else (features,)


@contextmanager
def _same_randomness() -> Iterator[None]:
    """Leave every random generator of this process as it was."""
    before = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=[]):
        yield
    random.setstate(before[0])
    np.random.set_state(before[1])
