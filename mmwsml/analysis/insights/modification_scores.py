"""Precision and recall of the labels that a loss modified."""

from typing import Any, Dict, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mmwsml.records import Records

from .modification_counts import count_modifications
from .not_recorded import NotRecordedError, require_epochs
from .style import FIRST, INK, SECOND, add_legend, new_figure
from .table import Table, percent

NAMES = 'this epoch', 'all epochs so far'


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
        panels = {
            'precision, %': (
                dict(zip(NAMES, (self.precision, self.ever_precision))),
                self.chance_precision,
            ),
            'recall, %': (
                dict(zip(NAMES, (self.recall, self.ever_recall))),
                self.chance_recall,
            ),
            'modified again, %': (
                {'of the epoch before': self.repeated},
                self.chance_recall,
            ),
        }
        # What nobody knows has no panel.
        panels = {
            title: (curves, chance)
            for title, (curves, chance) in panels.items()
            if not all(np.isnan(values).all() for values in curves.values())
        } or panels
        figure, axes = new_figure(1, len(panels), (3.2 * len(panels), 3))
        for panel, (title, (curves, chance)) in zip(axes[0], panels.items()):
            self._draw(panel, curves, chance)
            panel.set_title(title)
        return figure

    def _draw(
        self, panel: Axes, curves: Dict[str, np.ndarray], chance: np.ndarray
    ) -> None:
        for (name, values), color, line in zip(
            curves.items(), (FIRST, SECOND), ('.-', '.--')
        ):
            panel.plot(
                self.epochs, 100 * values, line, color=color, label=name
            )
        panel.plot(self.epochs, 100 * chance, '.:', color=INK, label='chance')
        panel.set(xlabel='epoch', ylim=(0, 102))
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        if all(np.isnan(values).all() for values in curves.values()):
            middle: Dict[str, Any] = dict(
                transform=panel.transAxes, ha='center', color=INK
            )
            panel.text(0.5, 0.5, 'n/a', **middle)
        add_legend(panel)


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
    scores = ModificationScores(
        *np.array(count_modifications(records, epochs)).T
    )
    if records.truth is None:
        unknown = np.full(len(epochs), np.nan)
        return scores._replace(
            right=unknown, hidden=unknown, ever_right=unknown
        )
    return scores


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Divide counts; NaN where one is unknown or the whole is 0."""
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)
