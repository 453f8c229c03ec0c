"""The entries that a loss modified, as a flat table."""

from typing import Sequence

import numpy as np

from mmwsml.structures.processes import gather_array, gather_numbers

#: A modified entry: the row of its image, its class, and its loss as annotated
#: (of an unobserved label as a negative).
MODIFIED = np.dtype(
    [('row', np.int32), ('class', np.uint16), ('loss', np.float32)]
)
SENT = 2**22  # modifications that are sent at once


def list_modified(
    rows: np.ndarray, marks: np.ndarray, losses: np.ndarray
) -> np.ndarray:
    """List what is marked.

    Args:
        rows (ndarray): Of the images, integer ``(n,)``.
        marks (ndarray): bool ``(n, K)``.
        losses (ndarray): float32 ``(n, K)``.

    Returns:
        ndarray: Of the dtype ``MODIFIED``.
    """
    flat = np.flatnonzero(marks)
    images, classes = np.divmod(flat, marks.shape[1])
    modified = np.empty(len(flat), MODIFIED)
    modified['row'] = rows[images]
    modified['class'] = classes
    modified['loss'] = losses.ravel()[flat]
    return modified


def join_modified(tables: Sequence[np.ndarray]) -> np.ndarray:
    """Join the tables of all processes on the first, by row and class.

    Args:
        tables (Sequence[ndarray]): Of this process, of the dtype
            ``MODIFIED``.

    Returns:
        ndarray: Of the same dtype; empty on the other processes.
    """
    own = np.concatenate([np.empty(0, MODIFIED), *tables])
    longest = int(gather_numbers(len(own)).max())
    starts = range(0, max(1, longest), SENT)
    table = np.concatenate(
        [gather_array(own[i : i + SENT], to=0) for i in starts]
    )
    keys = table['row'] * np.int64(2**16) + table['class']
    return table[keys.argsort()]
