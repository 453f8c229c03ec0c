"""Arrays in files of others: checked before anything is allocated."""

import math
import os
import zipfile
from pathlib import Path
from typing import IO, Literal, Optional, Tuple, Union

import numpy as np
from numpy.lib import format as npy


def load_array(
    path: Union[str, Path], mmap_mode: Optional[Literal['r']] = None
) -> np.ndarray:
    """Load a ``.npy`` file, of no more bytes than the file has.

    Args:
        path (str | Path): The file. No pickle is read.
        mmap_mode (str, optional): As in :func:`numpy.load`. Defaults to None:
            it is read into memory.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If it is damaged or holds objects; the message says why
            and names no file.
    """
    with open(path, 'rb') as file:
        shape, dtype = read_header(file)
        size = os.fstat(file.fileno()).st_size - file.tell()
    announced = math.prod(shape) * dtype.itemsize
    if not dtype.hasobject and size != announced:
        raise ValueError(
            f'its header announces {announced} bytes, {dtype} of the shape '
            f'{shape}, but {size} follow'
        )
    return np.load(path, mmap_mode=mmap_mode, allow_pickle=False)


def read_header(file: IO[bytes]) -> Tuple[Tuple[int, ...], np.dtype]:
    """Read the header of an array, up to where its bytes begin.

    Args:
        file (IO): At the begin of the array.

    Returns:
        tuple: Shape and type; the numbers of the shape are not negative.

    Raises:
        ValueError: If it is damaged.
    """
    readers = {
        (1, 0): npy.read_array_header_1_0,
        (2, 0): npy.read_array_header_2_0,
    }
    try:
        shape, _, dtype = readers[npy.read_magic(file)](file)
    except OSError:  # not the content's fault
        raise
    except Exception as error:  # NumPy's parser raises almost anything
        reason = str(error).partition('\n')[0]
        raise ValueError(f'its header is damaged: {reason}') from error
    if min(shape, default=0) < 0:
        raise ValueError(f'its header announces the shape {shape}')
    return shape, dtype


def read_member(
    archive: zipfile.ZipFile,
    name: str,
    dtype: type,
    shape: Optional[Tuple[int, ...]] = None,
) -> np.ndarray:
    """Read an array of a ``.npz`` file, if it is the one that it must be.

    Args:
        archive (ZipFile): The file.
        name (str): Of the array, without the ending.
        dtype (type): What it must hold.
        shape (tuple[int, ...], optional): Its shape. Defaults to None: what
            the member has room for.

    Raises:
        KeyError: If there is no such array.
        ValueError: If it is another one.
    """
    with archive.open(f'{name}.npy') as file:
        found, kind = read_header(file)
        size = archive.getinfo(f'{name}.npy').file_size - file.tell()
    if kind != dtype or size != math.prod(found) * kind.itemsize:
        raise ValueError(f'{name} is not what its header announces')
    if shape is not None and found != shape:
        raise ValueError(f'{name} is of the shape {found} and not {shape}')
    with archive.open(f'{name}.npy') as file:
        return npy.read_array(file, allow_pickle=False)
