"""Writing features, in pieces and from several processes."""

import os
from pathlib import Path
from typing import Any, Tuple, Union

import numpy as np
from numpy.lib.format import open_memmap

from .feature_arrays import check_lengths
from .json_text import parse_json
from .mapped_array import open_mapped
from .whole_file import write_json


class FeatureWriter:
    """Fill the arrays of a :class:`FeatureArrays`.

    Any number of processes fill rows of their own. Each write reaches the
    disk before its rows count as done, so that a killed process loses nothing
    else. Files are written to, not mapped: a full disk is an error and not the
    end of the process, and processes of several hosts may share the folder.

    Args:
        folder (str): Where :meth:`create` has made the arrays.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If a file is damaged.
    """

    def __init__(self, folder: Union[str, Path]) -> None:
        self.folder = Path(folder)
        self.keys = open_mapped(folder, 'keys', np.int64)
        features = open_mapped(folder, 'features', np.float32, 3)
        check_lengths(folder, self.keys, features, self._done())
        self._shape = features.shape[1:]

    @staticmethod
    def create(
        folder: Union[str, Path],
        keys: np.ndarray,
        shape: Tuple[int, int],
        meta: dict,
    ) -> None:
        """Make the arrays in a folder that is there, no row done.

        Args:
            folder (str): An empty folder.
            keys (ndarray): ``hash64`` of the images, int64 ``(N,)``, ascending
                and distinct.
            shape (tuple[int, int]): V and C.
            meta (dict): What the features are of, plain values.
        """
        np.save(Path(folder, 'keys.npy'), keys)
        for name, dtype, size in (
            ('features', np.float32, (len(keys), *shape)),
            ('done', np.bool_, (len(keys),)),
        ):
            open_memmap(Path(folder, f'{name}.npy'), 'w+', dtype, size)
        write_json(Path(folder, 'meta.json'), meta)

    @property
    def num_views(self) -> int:
        """V: 1, or 2 where the second is of the mirrored image."""
        return self._shape[0]

    def read_meta(self) -> Any:
        """Return what :meth:`create` was told.

        Raises:
            ValueError: If the file is damaged.
        """
        path = self.folder / 'meta.json'
        try:
            meta = parse_json(path.read_bytes())
            if not isinstance(meta, dict):
                raise ValueError('it must be an object')
        except ValueError as error:
            raise ValueError(
                f'{path} is damaged ({error}); remove the folder '
                f'{self.folder} and extract the features again.'
            ) from error
        return meta

    def missing(self) -> np.ndarray:
        """Return the rows that are not done, int64 ``(M,)``."""
        return np.flatnonzero(~self._done())

    def write(self, rows: np.ndarray, features: np.ndarray) -> None:
        """Write features and mark them as done.

        Args:
            rows (ndarray): int64 ``(B,)``.
            features (ndarray): ``(B, V, C)``, float.

        Raises:
            ValueError: If the features have another shape.
        """
        shape = (len(rows), *self._shape)
        if features.shape != shape:
            raise ValueError(
                f'`features` must have the shape {shape} of {self.folder}, '
                f'but got {features.shape}.'
            )
        features = np.ascontiguousarray(features, np.float32)
        self._put('features', rows, features)
        self._put('done', rows, np.ones(len(rows), np.bool_))

    def _done(self) -> np.ndarray:
        return open_mapped(self.folder, 'done', np.bool_)

    def _put(self, name: str, rows: np.ndarray, values: np.ndarray) -> None:
        path = self.folder / f'{name}.npy'
        start = np.load(path, mmap_mode='r').offset
        with path.open('r+b') as file:
            for row, value in zip(rows.tolist(), values):
                file.seek(start + row * value.nbytes)
                file.write(value.tobytes())
            file.flush()  # an error where the disk is full
            os.fsync(file.fileno())
