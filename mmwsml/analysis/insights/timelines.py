"""What was modified of an image, epoch by epoch."""

from typing import List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from mmwsml.records import EpochRecords, Records

from .modification_counts import label_keys
from .not_recorded import NotRecordedError, require_epochs
from .table import Table


class Timeline(NamedTuple):
    """An image of which C labels were modified in any of E epochs."""

    sample_id: str
    #: Observed positives, and true positives (None: nobody knows them).
    given: List[int]
    truth: Optional[List[int]]
    #: The modified classes, C of them, in the order of their first time.
    classes: List[int]
    #: When each was modified, bool ``(E, C)``.
    modified: np.ndarray
    #: Its loss as annotated then, float32 ``(E, C)``; else NaN.
    losses: np.ndarray

    @property
    def missed(self) -> List[int]:
        """Hidden positives that no epoch modified."""
        known = {*self.given, *self.classes}
        return [k for k in self.truth or [] if k not in known]

    def is_right(self, label: int) -> Optional[bool]:
        """Whether a class is truly positive; None: nobody knows."""
        return None if self.truth is None else label in self.truth


class Timelines(NamedTuple):
    """The timelines of some images of a run."""

    #: Names of all classes of the run.
    classes: Tuple[str, ...]
    #: The epochs that are whole, int ``(E,)``, from 1.
    epochs: np.ndarray
    images: List[Timeline]
    #: Whether a label store keeps what was modified: from then on positive.
    stays: bool

    def table(self) -> Table:
        """Write a line for each image."""
        head = 'image', 'given', 'modified (epochs)', 'true', 'never modified'
        return Table(head, [self._row(image) for image in self.images])

    def _row(self, image: Timeline) -> Tuple[Optional[str], ...]:
        changes = [
            f'{self.classes[label]} ({format_epochs(self.epochs[when])})'
            for label, when in zip(image.classes, image.modified.T)
        ]
        true = missed = None
        if image.truth is not None:
            true, missed = self._names(image.truth), self._names(image.missed)
        given = self._names(image.given)
        return image.sample_id, given, ', '.join(changes), true, missed

    def _names(self, labels: Sequence[int]) -> str:
        return ', '.join(self.classes[k] for k in labels)


def modification_timelines(
    records: Records, sample_ids: Optional[Sequence[str]] = None, num: int = 12
) -> Timelines:
    """Follow images through training.

    Args:
        records (Records): Of a run.
        sample_ids (Sequence[str], optional): The images. Defaults to None:
            those with the most classes modified, of equal ones those with the
            most modifications, and then the first ones.
        num (int): How many are taken if none is named, at least 1. Defaults
            to 12.

    Returns:
        Timelines: In the order of ``sample_ids``, or the most modified first.

    Raises:
        NotRecordedError: If no epoch is whole, or nothing was modified and no
            image is named.
        ValueError: If an image is not one of the run's.
    """
    epochs = require_epochs(records)
    if sample_ids is None:
        rows = _most_modified(records, epochs)[:num].tolist()
    else:
        rows = [records.row_of(sample_id) for sample_id in sample_ids]
    return Timelines(
        records.classes,
        np.array([e.epoch for e in epochs]),
        [_follow(records, epochs, row) for row in rows],
        stays='+' in records.method,
    )


def format_epochs(epochs: Sequence[int]) -> str:
    """Write ascending numbers, runs as ranges: 2-4 6."""
    parts: List[List[int]] = []
    for epoch in map(int, epochs):
        if parts and epoch == parts[-1][-1] + 1:
            parts[-1].append(epoch)
        else:
            parts.append([epoch])
    return ' '.join(
        f'{part[0]}-{part[-1]}' if len(part) > 1 else f'{part[0]}'
        for part in parts
    )


def _most_modified(
    records: Records, epochs: Sequence[EpochRecords]
) -> np.ndarray:
    """Order the rows of modified images."""
    num_classes, size = len(records.classes), len(records.images)
    ever, total = np.empty(0, np.int64), np.zeros(size, np.int64)
    for epoch in epochs:
        total += np.bincount(epoch.modified['row'], minlength=size)
        ever = np.union1d(ever, label_keys(records, epoch))
    if not len(ever):
        raise NotRecordedError(
            f'The run {records.run} modified no label, so no image changed '
            'most: name the images to see.'
        )
    distinct = np.bincount(ever // num_classes, minlength=size)
    order = np.lexsort((-total, -distinct))  # stable
    return order[: np.count_nonzero(distinct)]


def _follow(
    records: Records, epochs: Sequence[EpochRecords], row: int
) -> Timeline:
    """Collect what happened to one image; tables are ordered by row."""
    parts = []
    for epoch in epochs:
        first, last = np.searchsorted(epoch.modified['row'], [row, row + 1])
        parts.append(epoch.modified[first:last])
    classes = list(
        dict.fromkeys(k for part in parts for k in part['class'].tolist())
    )
    losses = np.full((len(epochs), len(classes)), np.nan, np.float32)
    for e, part in enumerate(parts):
        places = [classes.index(k) for k in part['class'].tolist()]
        losses[e, places] = part['loss']
    truth = None if records.truth is None else records.truth.of(row)
    return Timeline(
        records.images.sample_ids.of(row),
        records.given[0].of(row),
        truth,
        classes,
        ~np.isnan(losses),
        losses,
    )
