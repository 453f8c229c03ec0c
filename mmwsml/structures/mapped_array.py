"""Arrays of a folder that stay on disk."""

from pathlib import Path
from typing import Union

import numpy as np
from numpy.typing import DTypeLike

from .array_file import load_array


def open_mapped(
    folder: Union[str, Path], name: str, dtype: DTypeLike, ndim: int = 1
) -> np.ndarray:
    """Open ``name.npy`` of a folder, memory-mapped for reading.

    Args:
        folder (str): Where it lies.
        name (str): Its name, without the ending.
        dtype (type): What it must hold.
        ndim (int): How many dimensions it must have. Defaults to 1.

    Returns:
        ndarray: A plain view, whose look-ups are quicker than np.memmap's.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged or holds something else.
    """
    path = Path(folder, f'{name}.npy')
    try:
        array = load_array(path, mmap_mode='r')
    except ValueError as error:
        raise ValueError(
            f'{path} is damaged ({error}); remove the folder {folder} and '
            'build it again.'
        ) from error
    if array.dtype != dtype or array.ndim != ndim:
        form = 'one row' if ndim == 1 else f'{ndim} dimensions'
        raise ValueError(
            f'{path} must hold {form} of {np.dtype(dtype).name}, but got '
            f'{array.dtype} {array.shape}; remove the folder {folder} and '
            'build it again.'
        )
    return array.view(np.ndarray)
