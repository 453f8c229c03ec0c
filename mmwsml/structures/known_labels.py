"""What training knows of all its images before the first step."""

from typing import Iterable, List, Optional, Sequence, Tuple

import numpy as np

from .label_arrays import LabelLists
from .sample_id import hash64

#: ``sample_id``, known positives, known negatives.
Entry = Tuple[str, Sequence[int], Sequence[int]]


class KnownLabels:
    """The images of a training set, with their observed labels.

    Args:
        keys (ndarray): ``hash64`` of each ``sample_id``, int64 ``(M,)``.
        lists (Iterable[LabelLists], optional): Their known positives and
            negatives. Defaults to None: nobody has asked for them.
    """

    positives: LabelLists
    negatives: LabelLists

    def __init__(
        self, keys: np.ndarray, lists: Optional[Iterable[LabelLists]] = None
    ) -> None:
        self.keys = keys
        if lists is not None:
            self.positives, self.negatives = lists

    @classmethod
    def collect(cls, entries: Iterable[Entry]) -> 'KnownLabels':
        """Take in images one by one, 8 bytes an image and 2 a label."""
        keys: List[int] = []
        lists: Tuple[List[np.ndarray], ...] = [], []
        for sample_id, *labels in entries:
            keys.append(hash64(sample_id))
            for kind, classes in zip(lists, labels):
                kind.append(np.asarray(classes, np.uint16))
        return cls(np.array(keys, np.int64), map(_join, lists))

    def marks(self, keys: np.ndarray, num_classes: int) -> np.ndarray:
        """Mark observed labels: 1 positive, -1 negative, 0 unobserved.

        Args:
            keys (ndarray): Of images that are here, ascending int64 ``(M,)``.
            num_classes (int): K.

        Returns:
            ndarray: int8 ``(M, K)``.
        """
        marks = np.zeros((len(keys), num_classes), np.int8)
        rows = np.searchsorted(keys, self.keys)
        for lists, sign in ((self.positives, 1), (self.negatives, -1)):
            images = np.repeat(rows, lists.lengths())
            marks[images, lists.classes] = sign
        return marks

    def count_positives(self, num_classes: int) -> np.ndarray:
        """Count the observed positives of each class, int64 ``(K,)``."""
        return np.bincount(self.positives.classes, minlength=num_classes)


def _join(lists: Sequence[np.ndarray]) -> LabelLists:
    offsets = np.zeros(len(lists) + 1, np.int64)
    np.cumsum([len(classes) for classes in lists], out=offsets[1:])
    classes = np.concatenate(lists) if lists else np.empty(0, np.uint16)
    return LabelLists(offsets, classes)
