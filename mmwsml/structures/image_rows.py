"""Rows of images in tables that hold one row for each."""

from typing import Tuple

import numpy as np

from .global_batch import GlobalBatch


class ImageRows:
    """Find the row of an image by the hash of its ``sample_id``.

    The rows follow the hashes, so that they are the same on all processes,
    whatever the order of the data set. A row costs 8 bytes.

    Args:
        keys (ndarray): ``hash64`` of each ``sample_id``, int64 ``(M,)``, in
            any order; copies count once.
    """

    def __init__(self, keys: np.ndarray) -> None:
        #: Ascending, distinct, int64.
        self.keys = np.unique(keys)

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, keys: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Look up images.

        Args:
            keys (ndarray): int64 ``(N,)``.

        Returns:
            tuple[ndarray, ndarray]: Rows, int64 ``(N,)``, and whether each
            image is known, bool ``(N,)``; the row of an unknown one is wrong.
        """
        if not len(self.keys):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
        rows = np.searchsorted(self.keys, keys)
        rows[rows == len(self.keys)] = 0
        return rows, self.keys[rows] == keys

    def of(self, batch: GlobalBatch) -> np.ndarray:
        """Return the rows of the images of this process, int64 ``(N,)``.

        Raises:
            ValueError: If an image is not one of the training set's.
        """
        rows, known = self.find(batch.keys)
        if not known.all():
            image = batch.sample_ids[int(known.argmin())]
            raise ValueError(
                f'The image {image} is not one of the {len(self)} that the '
                'label store was started with: add '
                "label_store=dict(type='mmwsml.LabelStoreHook') to "
                '`default_hooks`, and let no transform change `sample_id`.'
            )
        return rows
