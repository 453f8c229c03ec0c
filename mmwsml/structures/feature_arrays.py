"""Features of millions of images in arrays that stay on disk."""

from pathlib import Path
from typing import Sequence, Union

import numpy as np

from .mapped_array import open_mapped
from .sample_id import hash64

TOOL = 'tools/extract_features.py'


class FeatureArrays:
    """Features of images by their ``sample_id``, memory-mapped.

    Opening reads next to nothing, and processes of one machine share what
    they have read. A pickle or a copy holds the name of the folder::

        folder/
        ├── keys.npy      hash64 of each sample_id, int64 (N,), ascending
        ├── features.npy  float32 (N, V, C): V views of each image
        ├── done.npy      bool (N,): whether the features are there
        └── meta.json     the model and the images that they are of

    Args:
        folder (str): Where :class:`FeatureWriter` has written them.
        tool (str): What makes such a folder, for the errors. Defaults to
            ``'tools/extract_features.py'``.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If a file is damaged, or the extraction has not ended.
    """

    def __init__(self, folder: Union[str, Path], tool: str = TOOL) -> None:
        self.folder = str(folder)
        self.tool = tool
        if not Path(folder).is_dir():
            raise FileNotFoundError(
                f'There is no folder {folder} of features: make it with '
                f'{tool}, or name the one that is there.'
            )
        self.keys = open_mapped(folder, 'keys', np.int64)
        self.features = open_mapped(folder, 'features', np.float32, 3)
        done = open_mapped(folder, 'done', np.bool_)
        check_lengths(folder, self.keys, self.features, done)
        if not done.all():
            raise ValueError(
                f'{folder}: the features of {len(done) - done.sum()} of '
                f'{len(done)} images are not there yet; run {tool} again, '
                'which goes on where it was stopped.'
            )

    def __reduce__(self) -> tuple:
        return FeatureArrays, (self.folder, self.tool)

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def num_views(self) -> int:
        """V: 1, or 2 where the second is of the flipped image."""
        return self.features.shape[1]

    @property
    def num_channels(self) -> int:
        """C, the length of a feature."""
        return self.features.shape[2]

    def __getitem__(self, sample_id: str) -> np.ndarray:
        """Return the features of an image, float32 ``(V, C)``, read-only.

        Raises:
            KeyError: If it has none.
        """
        keys = np.array([hash64(sample_id)], np.int64)
        return self.features[self.rows_of(keys, [sample_id])[0]]

    def rows_of(
        self, keys: np.ndarray, sample_ids: Sequence[str]
    ) -> np.ndarray:
        """Find where the features of images lie.

        Args:
            keys (ndarray): ``hash64`` of each ``sample_id``, int64 ``(N,)``.
            sample_ids (Sequence[str]): The images, for the error.

        Returns:
            ndarray: Rows of :attr:`features`, int64 ``(N,)``.

        Raises:
            KeyError: If an image has none.
        """
        rows = self.keys.searchsorted(keys)
        found = self.keys.take(rows, mode='clip') == keys
        if not found.all():
            raise KeyError(
                f'{self.folder} has no features of the image '
                f'{sample_ids[int(found.argmin())]}: '
                f'extract them into another folder with {self.tool} and the '
                'config of this data set.'
            )
        return rows


def check_lengths(folder: Union[str, Path], *arrays: np.ndarray) -> None:
    """Refuse arrays that are not of the same images.

    Raises:
        ValueError: If their lengths differ.
    """
    lengths = [len(array) for array in arrays]
    if len(set(lengths)) > 1:
        raise ValueError(
            f'{folder}: keys.npy, features.npy and done.npy must hold as many '
            f'images, but got {lengths}; remove the folder and extract the '
            'features again.'
        )
