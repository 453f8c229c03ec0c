"""The identity of an image, and draws that depend on nothing else."""

import hashlib
from pathlib import PureWindowsPath

import numpy as np


def make_sample_id(namespace: str, path: str) -> str:
    """Name an image by its data set and its path inside the data set.

    Args:
        namespace (str): The data set; two data sets never share one.
        path (str): Path of the image relative to the data set's images.
            Moving the data changes nothing, so it must not be absolute.

    Returns:
        str: ``namespace/path`` with forward slashes.

    Raises:
        ValueError: If ``path`` is absolute, leads out of the data set, or is
            no file name in UTF-8.
    """
    if '\0' in path or not is_utf8(path):
        raise ValueError(
            f'A sample_id needs a path in UTF-8, but got {path!r:.200}: '
            'rename the file.'
        )
    pure = PureWindowsPath(path)  # knows both kinds of slashes
    if pure.anchor or '..' in pure.parts:
        raise ValueError(
            'A sample_id needs a path relative to its data set, but got '
            f'{path!r:.200}: set `data_root` or `data_prefix` to a folder '
            'above it.'
        )
    return f'{namespace}/{pure.as_posix()}'


def is_utf8(text: str) -> bool:
    """Whether a text can be written in UTF-8.

    What Python makes of a file name that is not UTF-8 cannot.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def hash64(text: str) -> int:
    """Hash a text to 64 bits, the same on every machine and version.

    Returns:
        int: In [-2^63, 2^63), so that an int64 tensor holds it.
    """
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, 'big', signed=True)


def hash32(text: str, count: int) -> np.ndarray:
    """Hash a text to numbers of 32 bits, the same on every machine.

    A longer row begins with the shorter one: the number of a class does not
    depend on how many classes follow.

    Args:
        text (str): What is hashed.
        count (int): Length of the row.

    Returns:
        ndarray: int64 ``(count,)``, each in [0, 2^32).
    """
    digest = hashlib.shake_128(text.encode()).digest(4 * count)
    return np.frombuffer(digest, '>u4').astype(np.int64)
