"""The scores of a data set, kept where a label is observed."""

from typing import Iterator, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from mmwsml.evaluation.observed_entries import ENTRY, pick_entries
from mmwsml.structures.processes import (
    gather_array,
    gather_numbers,
    num_processes,
    process_rank,
)

#: Classes whose columns are put together at once: 16 MB at 125,000 images.
BLOCK = 32


class ClassScores(NamedTuple):
    """What was predicted for one class."""

    #: Its index.
    label: int
    #: Of its observed entries, float32 ``(M,)``, in no order of meaning.
    scores: np.ndarray
    #: Those of its observed positives, float32 ``(P,)``.
    positives: np.ndarray


class Sizes(NamedTuple):
    """How much of a data set the processes hold together."""

    #: Images of this process that count.
    own: int
    #: Images of all processes that count.
    num_images: int
    #: K, 0 without an image.
    num_classes: int
    #: Images of one process with a score that is not a number, at most.
    num_broken: int


class ObservedScores:
    """Scores of observed entries, added by batches, read by classes.

    An image with partial labels costs 14 bytes an observed entry, one with
    complete labels 4 bytes a class and 14 bytes a positive.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._num_images = 0
        self._num_broken = 0
        self._num_classes = 0
        self._dense: List[np.ndarray] = []  # of complete images, (B, K) each
        self._images: List[np.ndarray] = []  # their places, (B,) each
        self._entries: List[np.ndarray] = []

    @property
    def nbytes(self) -> int:
        """Bytes of what is kept."""
        arrays = (*self._dense, *self._images, *self._entries)
        return sum(array.nbytes for array in arrays)

    def add(
        self,
        scores: np.ndarray,
        positives: Sequence[np.ndarray],
        negatives: Sequence[Optional[np.ndarray]],
    ) -> None:
        """Add a batch.

        Args:
            scores (ndarray): Float32 ``(B, K)``.
            positives (Sequence[ndarray]): For each image its observed
                positive classes.
            negatives (Sequence[ndarray | None]): For each image its observed
                negative classes; None: its labels are complete.
        """
        self._num_classes = scores.shape[1]
        self._num_broken += int(np.isnan(scores).any(1).sum())
        images = self._num_images + np.arange(len(scores))
        self._num_images += len(scores)
        dense = np.array([labels is None for labels in negatives], bool)
        if dense.any():
            self._dense.append(scores if dense.all() else scores[dense])
            self._images.append(images[dense])
        known = [np.empty(0, int) if x is None else x for x in negatives]
        for lists, positive in ((positives, True), (known, False)):
            entries = pick_entries(scores, lists)
            entries['positive'] = positive
            entries['dense'] = dense[entries['image']]
            entries['image'] = images[entries['image']]
            self._entries.append(entries)

    def sizes(self, num_images: int) -> Sizes:
        """Sum up what all processes hold of a data set.

        Args:
            num_images (int): Size of the data set, N. MMEngine's samplers
                deal it out image by image and fill up the last round with
                images that were dealt already; these do not count.
        """
        world = num_processes()
        # Images 0, world, 2 * world, ... of the data set are this process's,
        # moved on by its rank.
        share = len(range(process_rank(), num_images, world))
        own = min(self._num_images, share)
        table = gather_numbers(own, self._num_classes, self._num_broken)
        return Sizes(own, int(table[:, 0].sum()), *table[:, 1:].max(0))

    def deal_classes(self, sizes: Sizes) -> Iterator[ClassScores]:
        """Yield some classes with the entries of all processes.

        Each class goes to one process. All processes must finish.

        Args:
            sizes (Sizes): From :meth:`sizes`.
        """
        entries = self._sorted_entries(sizes.own)
        bounds = np.searchsorted(
            entries['class'], np.arange(sizes.num_classes + 1)
        )
        empty = np.empty((0, sizes.num_classes), np.float32)
        dense = [
            chunk[images < sizes.own]
            if images[-1] >= sizes.own
            else chunk  # as it is: a mask would copy it
            for chunk, images in zip(self._dense, self._images)
        ]
        for number, first in enumerate(range(0, sizes.num_classes, BLOCK)):
            classes = slice(first, first + BLOCK)
            block = [chunk[:, classes] for chunk in (empty, *dense)]
            owner = number % num_processes()
            columns = gather_array(np.concatenate(block), to=owner)
            if owner != process_rank():
                continue
            for index, column in enumerate(columns.T, first):
                part = entries[bounds[index] : bounds[index + 1]]
                yield _of_class(index, column, part)

    def complete_images(
        self, num_images: int
    ) -> Iterator[Tuple[np.ndarray, np.ndarray]]:
        """Yield the images of this process with complete labels, by batches.

        Args:
            num_images (int): Of this process, that count.

        Yields:
            tuple[ndarray, ndarray]: Scores, and whether each class is
            positive, ``(B, K)``.
        """
        entries = np.concatenate([np.empty(0, ENTRY), *self._entries])
        entries = entries[entries['positive'] & entries['dense']]
        entries = entries[np.argsort(entries['image'], kind='stable')]
        for scores, images in zip(self._dense, self._images):
            ends = np.searchsorted(
                entries['image'], (images[0], images[-1] + 1)
            )
            part = entries[slice(*ends)]
            rows = np.searchsorted(images, part['image'])
            positive = np.zeros(scores.shape, bool)
            positive[rows, part['class']] = True
            kept = images < num_images
            yield scores[kept], positive[kept]

    def _sorted_entries(self, num_images: int) -> np.ndarray:
        """Join the entries of all processes, by class."""
        entries = np.concatenate([np.empty(0, ENTRY), *self._entries])
        entries = gather_array(entries[entries['image'] < num_images])
        return entries[np.argsort(entries['class'], kind='stable')]


def _of_class(
    index: int, column: np.ndarray, entries: np.ndarray
) -> ClassScores:
    """Join what complete and what partial labels say of a class."""
    listed = entries['score'][~entries['dense']]
    scores = np.concatenate([column, listed])
    return ClassScores(index, scores, entries['score'][entries['positive']])
