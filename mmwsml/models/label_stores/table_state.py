"""A table with a row for each image, in a checkpoint and back."""

from typing import Dict

import numpy as np
import torch
from torch import Tensor

from ...structures.image_rows import ImageRows


def save_table(rows: ImageRows, name: str, table: Tensor) -> Dict[str, Tensor]:
    """Copy a table and the images of its rows.

    Args:
        rows (ImageRows): Of M images.
        name (str): Of the table.
        table (Tensor): ``(M, K)``.

    Returns:
        dict[str, Tensor]: ``key``, the ``hash64`` of the images, ascending
        int64 ``(M,)``, and the table, on the CPU. Training goes on while a
        checkpoint is written, so that both are copies.
    """
    copy = torch.empty(table.shape, dtype=table.dtype)
    copy.copy_(table.detach())
    return {'key': torch.from_numpy(rows.keys.copy()), name: copy}


def load_table(
    state: Dict[str, Tensor], rows: ImageRows, name: str, num_classes: int
) -> Tensor:
    """Return a table of :func:`save_table` of the same images and classes.

    Args:
        state (dict[str, Tensor]): What was saved.
        rows (ImageRows): Of the M images of the training set.
        name (str): Of the table.
        num_classes (int): K.

    Returns:
        Tensor: ``(M, K)``.

    Raises:
        ValueError: If there is no such table, or it is one of other images or
            classes.
    """
    if not {'key', name} <= set(state):
        raise ValueError(
            f'The label store of the checkpoint holds no `{name}`: resume '
            'from a checkpoint of a run with the same '
            '`model.head.label_store`.'
        )
    keys = state['key'].cpu().numpy()
    if not np.array_equal(keys, rows.keys):
        raise ValueError(
            f'The label store of the checkpoint holds `{name}` of '
            f'{len(keys)} images, which are not the {len(rows)} of the '
            'training set: resume with the data set of the run, or start a '
            'new run.'
        )
    shape = len(rows), num_classes
    if state[name].shape != shape:
        raise ValueError(
            f'The label store of the checkpoint holds `{name}` of shape '
            f'{tuple(state[name].shape)}, but the run has {shape}: resume '
            'with the classes of the run, or start a new run.'
        )
    return state[name]
