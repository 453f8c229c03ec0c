"""State that a checkpoint can hold without code."""

from collections import OrderedDict, deque
from typing import Any

import numpy as np
import torch

#: What ``torch.load(weights_only=True)`` reads, beside containers.
PLAIN = (
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    type(None),
    torch.Tensor,
    torch.nn.Parameter,
    torch.Size,
    torch.dtype,
    torch.device,
)


def make_plain(value: Any, place: str = 'checkpoint') -> Any:
    """Turn state into tensors, numbers, texts, lists, tuples and dicts.

    Args:
        value (Any): The state; not changed.
        place (str): Where it stands, for the message. Defaults to
            'checkpoint'.

    Raises:
        ValueError: If something in it is no state, such as a function.
    """
    if type(value) in PLAIN:
        return value
    if isinstance(value, dict):
        items = {
            make_plain(key, f'{place}, a key'): make_plain(
                item, f'{place}.{key}'
            )
            for key, item in value.items()
        }
        return OrderedDict(items) if type(value) is OrderedDict else items
    if isinstance(value, (list, tuple, deque, set, frozenset)):
        kept = [make_plain(v, f'{place}[{n}]') for n, v in enumerate(value)]
        return tuple(kept) if isinstance(value, tuple) else kept
    if isinstance(value, np.generic):
        return make_plain(value.item(), place)
    if isinstance(value, np.ndarray):
        if value.dtype.kind in 'biufc':
            return torch.from_numpy(np.array(value))
        return make_plain(value.tolist(), place)
    raise ValueError(
        f'{place} is a {type(value).__name__}, which a checkpoint cannot hold '
        'without code that runs when it is loaded: keep tensors, numbers, '
        'texts, lists and dicts there, or leave the part out.'
    )
