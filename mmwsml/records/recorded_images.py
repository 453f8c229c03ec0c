"""The images that a run records, and what kind each of their labels is."""

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple, Union

import numpy as np

from mmwsml.structures.known_labels import KnownLabels
from mmwsml.structures.label_arrays import LabelLists, open_lists, save_lists
from mmwsml.structures.sample_id import hash64

from ..structures.text_array import TextArray

#: ``sample_id``, observed positives, observed negatives (None: the labels are
#: complete), true positives (None: unknown).
ImageEntry = Tuple[
    str, Sequence[int], Optional[Sequence[int]], Optional[Sequence[int]]
]
KINDS = 'observed_positive', 'observed_negative', 'unobserved'
KINDS_WITH_TRUTH = 'TP', 'observed_negative', 'TN', 'FN'
POSITIVE, NEGATIVE, REST, HIDDEN = range(4)
CHUNK = 2**22  # entries


class RecordedImages:
    """M images in ascending order of ``hash64`` of their ``sample_id``.

    Every entry (image, class) is of one kind. Where the true labels are known
    the kinds are ``KINDS_WITH_TRUTH``: observed positive (TP), observed
    negative, and unobserved but truly negative (TN) or positive (FN). Else
    they are ``KINDS``.

    Args:
        sample_ids (TextArray): M texts.
        num_classes (int): K.
        positives (LabelLists): Observed positives.
        negatives (LabelLists): Observed negatives, empty lists where
            ``complete``.
        truth (LabelLists, optional): True positives. Defaults to None: nobody
            knows them.
        complete (bool): Whether every label is observed. Defaults to False.
    """

    def __init__(
        self,
        sample_ids: TextArray,
        num_classes: int,
        positives: LabelLists,
        negatives: LabelLists,
        truth: Optional[LabelLists] = None,
        complete: bool = False,
    ) -> None:
        self.sample_ids = sample_ids
        self.num_classes = num_classes
        self.positives = positives
        self.negatives = negatives
        self.truth = truth
        self.complete = complete

    def __len__(self) -> int:
        return len(self.sample_ids.offsets) - 1

    @classmethod
    def collect(
        cls, entries: Sequence[ImageEntry], num_classes: int
    ) -> 'RecordedImages':
        """Take in images in any order; of a repeated one the first counts.

        The truth is known where that of every image is.
        """
        images: Dict[int, ImageEntry] = {}
        for entry in entries:
            images.setdefault(hash64(entry[0]), entry)
        rows = [images[key] for key in sorted(images)]
        complete = all(row[2] is None for row in rows)
        known = all(row[3] is not None for row in rows)
        truth = (() if row[3] is None else row[3] for row in rows)
        lists = ((row[0], row[1], row[2] or ()) for row in rows)
        labels = KnownLabels.collect(lists)
        true = KnownLabels.collect((r[0], t, ()) for r, t in zip(rows, truth))
        return cls(
            TextArray.collect([row[0] for row in rows]),
            num_classes,
            labels.positives,
            labels.negatives,
            true.positives if known else None,
            complete,
        )

    @property
    def kinds(self) -> Tuple[str, ...]:
        """Names of the kinds; an entry's kind is an index of them."""
        return KINDS if self.truth is None else KINDS_WITH_TRUTH

    @property
    def usual_kind(self) -> int:
        """The kind of what is in no list."""
        return NEGATIVE if self.complete else REST

    @cached_property
    def keys(self) -> np.ndarray:
        """``hash64`` of the images, ascending int64 ``(M,)``."""
        return np.array([hash64(i) for i in self.sample_ids.all()], np.int64)

    def kinds_of(self, rows: np.ndarray) -> np.ndarray:
        """Tell the kinds of all entries of some images.

        Args:
            rows (ndarray): int64 ``(n,)``.

        Returns:
            ndarray: uint8 ``(n, K)``.
        """
        shape = len(rows), self.num_classes
        kinds = np.full(shape, self.usual_kind, np.uint8)
        # What is observed is no longer hidden.
        for kind, lists in (
            (HIDDEN, None if self.complete else self.truth),
            (NEGATIVE, self.negatives),
            (POSITIVE, self.positives),
        ):
            if lists is not None:
                kinds[lists.entries(rows)] = kind
        return kinds

    def kinds_at(self, rows: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """Tell the kinds of some entries.

        Args:
            rows (ndarray): Integer ``(n,)``.
            classes (ndarray): Integer ``(n,)``.

        Returns:
            ndarray: uint8 ``(n,)``.
        """
        images, places = np.unique(rows, return_inverse=True)
        kinds = np.empty(len(rows), np.uint8)
        order = places.argsort(kind='stable')
        step = max(1, CHUNK // self.num_classes)
        for first in range(0, len(images), step):
            bounds = np.searchsorted(
                places, [first, first + step], 'left', order
            )
            part = order[slice(*bounds)]
            dense = self.kinds_of(
                images[first : first + step].astype(np.int64)
            )
            kinds[part] = dense[places[part] - first, classes[part]]
        return kinds

    def fingerprint(self) -> str:
        """Hash the images and all that is known of them."""
        digest = hashlib.sha256(f'{self.num_classes}{self.complete}'.encode())
        for array in self._arrays():
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def _arrays(self) -> List[np.ndarray]:
        lists = [self.sample_ids, self.positives, self.negatives]
        if self.truth is not None:
            lists.append(self.truth)
        return [array for pair in lists for array in pair]

    def save(self, folder: Union[str, Path]) -> None:
        """Write everything into a folder that is there."""
        self.sample_ids.save(folder, 'sample_ids')
        save_lists(folder, 'positive', self.positives)
        save_lists(folder, 'negative', self.negatives)
        if self.truth is not None:
            save_lists(folder, 'true_positive', self.truth)

    @classmethod
    def open(
        cls,
        folder: Union[str, Path],
        num_classes: int,
        has_truth: bool,
        complete: bool,
    ) -> 'RecordedImages':
        """Open what :meth:`save` wrote, memory-mapped.

        Raises:
            FileNotFoundError: If a file is missing.
            ValueError: If a file is damaged.
        """
        ids = TextArray.open(folder, 'sample_ids')
        size = len(ids.offsets) - 1
        positives = open_lists(folder, 'positive', size)
        negatives = open_lists(folder, 'negative', size)
        truth = None
        if has_truth:
            truth = open_lists(folder, 'true_positive', size)
        return cls(ids, num_classes, positives, negatives, truth, complete)
