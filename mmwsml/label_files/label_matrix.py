"""Matrices of labels, as the SPML repository saves them."""

from typing import Iterator, Sequence

import numpy as np

from mmwsml.label_files.observed_labels import Observation
from mmwsml.structures.array_file import load_array


def read_matrix(
    path: str,
    parts: Sequence[Sequence[str]],
    num_classes: int,
    unknown: int,
) -> Iterator[Observation]:
    """Read a matrix of labels, such as SPML's ``formatted_*_labels_obs.npy``.

    Args:
        path (str): A ``.npy`` file of shape ``(N, K)`` that holds 1 for a
            positive, and 0 and -1 for the rest. No pickle is read.
        parts (Sequence[Sequence[str]]): Whose labels these may be, a split
            or its whole data set: the images in the order of the rows. That
            of N images is.
        num_classes (int): K.
        unknown (int): Which number means unknown, 0 (SPML) or -1; the other
            is a negative.

    Yields:
        Observation: What is known of each image.

    Raises:
        ValueError: If the file is not such a matrix.
    """
    matrix = _load_matrix(path)
    shapes = {(len(part), num_classes): part for part in parts}
    if matrix.shape not in shapes:
        raise ValueError(
            f'{path}: must be of shape {" or ".join(map(str, shapes))}, '
            f'images and classes of the data set, but is {matrix.shape}; '
            'choose the split and the data set that it was made for.'
        )
    odd = matrix[~np.isin(matrix, (-1, 0, 1))]
    if len(odd):
        raise ValueError(
            f'{path}: must hold 1, 0 and -1, but got {odd[0]}; write 1 for a '
            'positive.'
        )
    negative = -1 - unknown
    for sample_id, row in zip(shapes[matrix.shape], matrix):
        yield Observation(
            sample_id,
            np.flatnonzero(row == 1).tolist(),
            np.flatnonzero(row == negative).tolist(),
        )


def _load_matrix(path: str) -> np.ndarray:
    try:
        matrix = load_array(path)
        if matrix.dtype.kind not in 'biuf':
            raise ValueError(f'it holds {matrix.dtype}')
    except OSError as error:
        raise type(error)(
            f'{path}: {error.strerror}; check the path.'
        ) from error
    except ValueError as error:
        raise ValueError(
            f'{path}: cannot be read as a matrix of numbers ({error}); save '
            'it with numpy.save, without objects.'
        ) from error
    return matrix
