"""Counting the labels that a loss modified."""

from typing import List, Tuple

import numpy as np

from mmwsml.records import EpochRecords, Records
from mmwsml.records.recorded_images import HIDDEN, REST


def count_modifications(
    records: Records, epochs: List[EpochRecords]
) -> List[tuple]:
    """Count what :class:`ModificationScores` holds.

    Args:
        records (Records): Of a run.
        epochs (list[EpochRecords]): Of the run, ascending.

    Returns:
        list[tuple[int, ...]]: The fields in their order, epoch by epoch.
    """
    rows = []
    ever, ever_right = np.empty(0, np.int64), 0
    for epoch in epochs:
        keys = label_keys(records, epoch)
        is_right = epoch.modified_kinds == HIDDEN
        ever_right += int(is_right[~np.isin(keys, ever)].sum())
        ever = np.union1d(ever, keys)
        counts = epoch.counts.sum(1)
        rows.append(
            (
                epoch.epoch,
                len(keys),
                int(is_right.sum()),
                int(counts[REST:].sum()),
                int(counts[HIDDEN:].sum()),
                len(ever),
                ever_right,
                *_count_again(records, epoch, keys),
            )
        )
    return rows


def _count_again(
    records: Records, epoch: EpochRecords, keys: np.ndarray
) -> Tuple[int, int]:
    """Count what the epoch before modified, and what of it is again."""
    before = records.epochs.get(epoch.epoch - 1)
    if before is None or '+' in records.method:
        return 0, 0
    earlier = label_keys(records, before)[epoch.seen[before.modified['row']]]
    return len(earlier), int(np.isin(earlier, keys).sum())


def label_keys(records: Records, epoch: EpochRecords) -> np.ndarray:
    """Name each modified label by a number, ascending int64."""
    rows = epoch.modified['row'].astype(np.int64)
    return rows * len(records.classes) + epoch.modified['class']
