"""The modified labels that a gallery shows."""

from typing import List, NamedTuple, Optional

import numpy as np

from mmwsml.analysis.insights import NotRecordedError
from mmwsml.records import Records
from mmwsml.records.recorded_images import HIDDEN

A_CLASS = 3  # pictures of one class, so that a frequent one leaves room


class Shown(NamedTuple):
    """A label that training modified."""

    sample_id: str
    label: int
    #: When, from 1, ascending.
    epochs: List[int]
    #: Its mean loss as annotated in these epochs.
    loss: float
    #: Whether it is a hidden positive; None: nobody knows.
    right: Optional[bool]


class Gallery(NamedTuple):
    """Groups of modified labels; each most often modified first."""

    #: The hidden positives, true negatives, and those of which nobody knows.
    right: List[Shown]
    wrong: List[Shown]
    unknown: List[Shown]
    #: How many labels each group is chosen from.
    totals: List[int]

    @property
    def groups(self) -> List[List[Shown]]:
        """The groups in the order of ``totals``."""
        return [self.right, self.wrong, self.unknown]


def choose_modified(records: Records, num: int) -> Gallery:
    """Choose the labels that most epochs modified.

    Of equal ones those of the largest mean loss come first; no class has more
    than three of a group.

    Args:
        records (Records): Of a run.
        num (int): Labels of a group at most.

    Raises:
        NotRecordedError: If nothing was modified.
    """
    parts = [epoch.modified for epoch in records.epochs.values()]
    if not sum(map(len, parts)):
        raise NotRecordedError(
            f'The run {records.run} modified no label in the '
            f'{len(parts)} epochs that are whole: {records.method} modifies '
            'none, or had not begun.'
        )
    table = np.concatenate(parts)
    keys = table['row'] * np.int64(2**16) + table['class']
    keys, place, times = np.unique(
        keys, return_inverse=True, return_counts=True
    )
    loss = np.bincount(place, table['loss']) / times
    order = np.lexsort((-loss, -times))
    rows, classes = keys // 2**16, (keys % 2**16).astype(np.uint16)
    right = records.images.kinds_at(rows, classes) == HIDDEN
    known = records.truth is not None
    masks = known & right, known & ~right, np.full(len(keys), not known)
    groups: List[List[Shown]] = []
    for mask in masks:
        chosen = _thin_out(classes, order[mask[order]], num)
        groups.append([_show(records, keys[n], loss[n]) for n in chosen])
    right_ones, wrong_ones, unknown_ones = groups
    totals = [int(mask.sum()) for mask in masks]
    return Gallery(right_ones, wrong_ones, unknown_ones, totals)


def _thin_out(classes: np.ndarray, order: np.ndarray, num: int) -> List[int]:
    chosen: List[int] = []
    counts: dict = {}
    for n in order.tolist():
        if len(chosen) == num:
            break
        label = int(classes[n])
        counts[label] = counts.get(label, 0) + 1
        if counts[label] <= A_CLASS:
            chosen.append(n)
    return chosen


def _show(records: Records, key: int, loss: float) -> Shown:
    row, label = divmod(int(key), 2**16)
    epochs = []
    for number, epoch in records.epochs.items():
        first, last = np.searchsorted(epoch.modified['row'], [row, row + 1])
        if label in epoch.modified['class'][first:last]:
            epochs.append(number)
    right = None
    if records.truth is not None:
        right = label in records.truth.of(row)
    sample_id = records.images.sample_ids.of(row)
    return Shown(sample_id, label, epochs, float(loss), right)
