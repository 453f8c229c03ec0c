"""Memorisation: the losses of each kind of labels, epoch by epoch."""

from typing import Mapping, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mmwsml.analysis.records import Records

from .not_recorded import require_epochs
from .style import KIND_COLORS, SECOND, add_legend, kind_name, new_figure
from .table import Table

SHARES = 0.1, 0.5, 0.9


class LossCurves(NamedTuple):
    """Of E epochs and the Q kinds that have entries."""

    #: The epochs that are whole, int ``(E,)``, from 1.
    epochs: np.ndarray
    kinds: Tuple[str, ...]
    #: Entries, int64 ``(E, Q)``.
    count: np.ndarray
    #: Mean losses, float64 ``(E, Q)``.
    mean: np.ndarray
    #: The 10, 50 and 90 % quantiles, float64 ``(E, Q, 3)``.
    quantiles: np.ndarray

    def table(self) -> Table:
        """Write a line for each epoch and kind."""
        head = ('epoch', 'kind', 'labels', 'mean loss')
        head += tuple(f'{100 * share:g} % below' for share in SHARES)
        rows = [
            (
                int(epoch),
                kind_name(kind),
                int(self.count[e, q]),
                float(self.mean[e, q]),
                *map(float, self.quantiles[e, q]),
            )
            for e, epoch in enumerate(self.epochs)
            for q, kind in enumerate(self.kinds)
        ]
        return Table(head, rows)

    def figure(self) -> Figure:
        """Draw a panel for each kind."""
        return plot_loss_curves({'mean': self})


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
    """Draw a panel for each kind, each with a scale of its own.

    Args:
        runs (Mapping[str, LossCurves]): One run or two, by name. The first
            is drawn with its median and a band from the 10 to the 90 %
            quantile.

    Returns:
        Figure: Panels side by side.
    """
    (name, first), *others = runs.items()
    width = len(first.kinds)
    figure, axes = new_figure(1, width, (0.6 + 2.9 * width, 2.9))
    for q, (panel, kind) in enumerate(zip(axes[0], first.kinds)):
        _draw_first(panel, first, q, name)
        for other_name, other in others:
            if kind in other.kinds:
                mean = other.mean[:, other.kinds.index(kind)]
                style = dict(color=SECOND, linestyle='--', marker='.')
                panel.plot(other.epochs, mean, label=other_name, **style)
        panel.set_title(f'{kind_name(kind)}: {first.count[-1, q]:,} labels')
        panel.set_xlabel('epoch')
        panel.set_ylim(bottom=0)
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        add_legend(panel)
    axes[0, 0].set_ylabel('loss as annotated')
    return figure


def _draw_first(panel: Axes, curves: LossCurves, q: int, name: str) -> None:
    color = KIND_COLORS[curves.kinds[q]]
    low, median, high = curves.quantiles[:, q].T
    panel.plot(
        curves.epochs, curves.mean[:, q], color=color, marker='.', label=name
    )
    panel.plot(curves.epochs, median, color=color, ls=':', label='median')
    panel.fill_between(
        curves.epochs, low, high, color=color, alpha=0.18, label='10 to 90 %'
    )
