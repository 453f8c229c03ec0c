"""Precision and recall of the labels that a loss modified."""

from typing import List, NamedTuple, Tuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mmwsml.analysis.records import EpochRecords, Records
from mmwsml.structures.records.recorded_images import HIDDEN, REST

from .not_recorded import NotRecordedError, require_epochs
from .style import FIRST, GOOD, INK, SECOND, add_legend, new_figure
from .table import Table, percent


class ModificationScores(NamedTuple):
    """Of E epochs; each array is of whole numbers, ``(E,)``.

    What needs the truth is NaN where nobody knows it.
    """

    #: The epochs that are whole, from 1.
    epochs: np.ndarray
    #: Labels that the epoch modified.
    modified: np.ndarray
    #: Those of them that are hidden positives (FN).
    right: np.ndarray
    #: Unobserved labels of the images that the epoch showed.
    unobserved: np.ndarray
    #: The hidden positives among them.
    hidden: np.ndarray
    #: Labels that this epoch or an earlier one modified.
    ever: np.ndarray
    #: The hidden positives among them.
    ever_right: np.ndarray
    #: Labels that the epoch before modified, of images that this one showed;
    #: 0 where it is not recorded or a label store keeps what it corrected.
    before: np.ndarray
    #: Those of them that this epoch modified again.
    again: np.ndarray

    @property
    def precision(self) -> np.ndarray:
        """Share of hidden positives in what is modified, ``(E,)``."""
        return _ratio(self.right, self.modified)

    @property
    def chance_precision(self) -> np.ndarray:
        """That of a random choice: their share of unobserved labels."""
        return _ratio(self.hidden, self.unobserved)

    @property
    def recall(self) -> np.ndarray:
        """Share of the hidden positives that is modified, ``(E,)``."""
        return _ratio(self.right, self.hidden)

    @property
    def chance_recall(self) -> np.ndarray:
        """That of a random choice: the modified share of the unobserved."""
        return _ratio(self.modified, self.unobserved)

    @property
    def ever_precision(self) -> np.ndarray:
        """Precision of all that was modified up to here, ``(E,)``."""
        return _ratio(self.ever_right, self.ever)

    @property
    def ever_recall(self) -> np.ndarray:
        """Recall of all that was modified up to here, ``(E,)``."""
        return _ratio(self.ever_right, self.hidden)

    @property
    def repeated(self) -> np.ndarray:
        """Share of the epoch before's that is modified again, ``(E,)``."""
        return _ratio(self.again, self.before)

    def table(self) -> Table:
        """Write a line for each epoch."""
        columns = {
            'precision, %': self.precision,
            'chance, %': self.chance_precision,
            'recall, %': self.recall,
            'chance of recall, %': self.chance_recall,
            'modified again, %': self.repeated,
            'precision so far, %': self.ever_precision,
            'recall so far, %': self.ever_recall,
        }
        rows = [
            (int(epoch), int(num), *(percent(c[e]) for c in columns.values()))
            for e, (epoch, num) in enumerate(zip(self.epochs, self.modified))
        ]
        return Table(('epoch', 'modified', *columns), rows)

    def figure(self) -> Figure:
        """Draw precision, recall and what is modified again."""
        figure, axes = new_figure(1, 3, (9.6, 3))
        panels = {
            'precision, %': (
                ('this epoch', self.precision, FIRST, '-'),
                ('all epochs so far', self.ever_precision, SECOND, '--'),
                ('chance', self.chance_precision, INK, ':'),
            ),
            'recall, %': (
                ('this epoch', self.recall, FIRST, '-'),
                ('all epochs so far', self.ever_recall, SECOND, '--'),
                ('chance', self.chance_recall, INK, ':'),
            ),
            'modified again, %': (
                ('of the epoch before', self.repeated, GOOD, '-'),
                ('chance', self.chance_recall, INK, ':'),
            ),
        }
        for panel, (title, curves) in zip(axes[0], panels.items()):
            for name, values, color, line in curves:
                style = dict(color=color, ls=line, marker='.', label=name)
                panel.plot(self.epochs, 100 * values, **style)
            panel.set(title=title, xlabel='epoch', ylim=(0, 102))
            panel.xaxis.set_major_locator(MaxNLocator(integer=True))
            if all(np.isnan(values).all() for _, values, *_ in curves[:-1]):
                _write_lack(panel)
            add_legend(panel)
        return figure


def modification_scores(records: Records) -> ModificationScores:
    """Judge what each epoch modified by the labels that were hidden.

    Args:
        records (Records): Of a run.

    Returns:
        ModificationScores: Of all epochs that are whole.

    Raises:
        NotRecordedError: If no epoch is whole, or nothing was modified.
    """
    epochs = require_epochs(records)
    if not any(len(e.modified) for e in epochs):
        raise NotRecordedError(
            f'The run {records.run} modified no label in epochs '
            f'{epochs[0].epoch} to {epochs[-1].epoch}: {records.method} '
            'modifies none, or had not begun.'
        )
    scores = ModificationScores(*np.array(_count(records, epochs)).T)
    if records.truth is None:
        unknown = np.full(len(epochs), np.nan)
        return scores._replace(
            right=unknown, hidden=unknown, ever_right=unknown
        )
    return scores


def _count(records: Records, epochs: List[EpochRecords]) -> List[tuple]:
    """Count what :class:`ModificationScores` holds, epoch by epoch."""
    rows = []
    ever, ever_right = np.empty(0, np.int64), 0
    for epoch in epochs:
        keys = _keys(records, epoch)
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
    earlier = _keys(records, before)[epoch.seen[before.modified['row']]]
    return len(earlier), int(np.isin(earlier, keys).sum())


def _keys(records: Records, epoch: EpochRecords) -> np.ndarray:
    """Name each modified label by a number, int64."""
    rows = epoch.modified['row'].astype(np.int64)
    return rows * len(records.classes) + epoch.modified['class']


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Divide counts; NaN where one is unknown or the whole is 0."""
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _write_lack(panel: Axes) -> None:
    panel.text(
        0.5,
        0.5,
        'n/a',
        transform=panel.transAxes,
        ha='center',
        color=INK,
    )
