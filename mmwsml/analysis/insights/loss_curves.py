"""Memorisation: the losses of each kind of labels, epoch by epoch."""

from itertools import cycle
from typing import Mapping, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from mmwsml.records import Records

from .not_recorded import require_epochs
from .style import KIND_COLORS, RUN_COLORS, add_legend, kind_name, new_figure
from .table import Table

SHARES = 0.1, 0.5, 0.9


class LossCurves(NamedTuple):
    """Of E epochs and the Q kinds that have entries."""

    #: The epochs that are whole, int ``(E,)``, from 1.
    epochs: np.ndarray
    kinds: Tuple[str, ...]
    #: Entries, int64 ``(E, Q)``.
    num_labels: np.ndarray
    #: Mean losses, float64 ``(E, Q)``.
    mean: np.ndarray
    #: The 10, 50 and 90 % quantiles, float64 ``(E, Q, 3)``.
    quantiles: np.ndarray

    def table(self) -> Table:
        """Write a line for each epoch and kind."""
        head: Tuple[str, ...] = ('epoch', 'kind', 'labels', 'mean loss')
        head += tuple(f'{100 * share:g} % below' for share in SHARES)
        rows = [
            (
                int(epoch),
                kind_name(kind),
                int(self.num_labels[e, q]),
                float(self.mean[e, q]),
                *self.quantiles[e, q].tolist(),
            )
            for e, epoch in enumerate(self.epochs)
            for q, kind in enumerate(self.kinds)
        ]
        return Table(head, rows)

    def figure(self) -> Figure:
        """Draw a panel for each kind, each with a scale of its own."""
        figure, axes = _panels(self)
        for q, panel in enumerate(axes):
            self._draw(panel, q)
            panel.set_ylim(bottom=0)
            add_legend(panel)
        return figure

    def _draw(self, panel: Axes, q: int) -> None:
        color = KIND_COLORS[self.kinds[q]]
        low, median, high = self.quantiles[:, q].T
        panel.plot(self.epochs, self.mean[:, q], '.-', color=color)
        panel.plot(self.epochs, median, ':', color=color)
        panel.fill_between(self.epochs, low, high, color=color, alpha=0.18)
        for line, name in zip(panel.lines, ('mean', 'median')):
            line.set_label(name)
        panel.collections[0].set_label('10 to 90 %')


def loss_curves(
    records: Records, classes: Optional[Sequence[int]] = None
) -> LossCurves:
    """Compute the loss of each kind of labels in each epoch.

    The loss is the cross-entropy as annotated, unobserved labels as negative.
    When a network learns the hidden positives as negatives, the loss of FN,
    which first rises, falls.

    Args:
        records (Records): Of a run.
        classes (Sequence[int], optional): Defaults to None, all.

    Returns:
        LossCurves: Kinds without entries are left out.

    Raises:
        NotRecordedError: If no epoch is whole.
    """
    epochs = require_epochs(records)
    chosen = slice(None) if classes is None else list(classes)
    count = np.stack([e.counts[:, chosen].sum(1) for e in epochs])
    present = np.flatnonzero(count.any(0))
    kinds = tuple(records.kinds[q] for q in present)
    mean = [[e.mean(kind, classes) for kind in kinds] for e in epochs]
    quantiles = [
        [e.quantile(kind, SHARES, classes) for kind in kinds] for e in epochs
    ]
    return LossCurves(
        np.array([e.epoch for e in epochs]),
        kinds,
        count[:, present],
        np.array(mean),
        np.array(quantiles),
    )


def plot_loss_curves(runs: Mapping[str, LossCurves]) -> Figure:
    """Compare the mean losses of runs, in a panel for each kind.

    Args:
        runs (Mapping[str, LossCurves]): At least one, by name; the kinds are
            those of the first.

    Returns:
        Figure: Panels side by side, with logarithmic scales of their own.
    """
    first = next(iter(runs.values()))
    figure, axes = _panels(first)
    for panel, kind in zip(axes, first.kinds):
        for (name, curves), color in zip(runs.items(), cycle(RUN_COLORS)):
            if kind in curves.kinds:
                mean = curves.mean[:, curves.kinds.index(kind)]
                panel.plot(curves.epochs, mean, '.-', color=color, label=name)
        panel.set_yscale('log')
        panel.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        panel.yaxis.set_major_formatter('{x:g}')
        panel.yaxis.set_minor_formatter(NullFormatter())
    add_legend(axes[0])
    axes[0].set_ylabel('mean loss as annotated')
    return figure


def _panels(curves: LossCurves) -> Tuple[Figure, np.ndarray]:
    width = len(curves.kinds)
    figure, axes = new_figure(1, width, (0.6 + 2.9 * width, 2.9))
    for panel, kind, num in zip(axes[0], curves.kinds, curves.num_labels[-1]):
        panel.set_title(f'{kind_name(kind)}: {num:,} labels')
        panel.set_xlabel('epoch')
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[0, 0].set_ylabel('loss as annotated')
    return figure, axes[0]
