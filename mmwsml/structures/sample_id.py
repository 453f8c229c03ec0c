"""The identity of an image, and draws that depend on nothing else."""

import hashlib
from pathlib import PureWindowsPath


def make_sample_id(namespace: str, path: str) -> str:
    """Name an image by its data set and its path inside the data set.

    Args:
        namespace (str): The data set; two data sets never share one.
        path (str): Path of the image relative to the data set's images.
            Moving the data changes nothing, so it must not be absolute.

    Returns:
        str: ``namespace/path`` with forward slashes.

    Raises:
        ValueError: If ``path`` is absolute or leads out of the data set.
    """
    pure = PureWindowsPath(path)  # knows both kinds of slashes
    if pure.anchor or '..' in pure.parts:
        raise ValueError(
            'A sample_id needs a path relative to its data set, but got '
            f'{path!r}: set `data_root` or `data_prefix` to a folder above it.'
        )
    return f'{namespace}/{pure.as_posix()}'


def hash64(text: str) -> int:
    """Hash a text to 64 bits, the same on every machine and version.

    Returns:
        int: In [-2^63, 2^63), so that an int64 tensor holds it.
    """
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, 'big', signed=True)
