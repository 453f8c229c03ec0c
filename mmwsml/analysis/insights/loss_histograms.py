"""How the losses of each kind of labels are spread."""

from typing import NamedTuple, Optional, Sequence, Tuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mmwsml.records import EpochRecords, Records, bin_edges

from .not_recorded import NotRecordedError, require_epochs
from .style import INK, KIND_COLORS, add_legend, kind_name, new_figure
from .table import Table, percent

MERGED = 8  # bins of the records that make a doubling of the loss


class LossHistograms(NamedTuple):
    """Of E chosen epochs, the Q kinds that have entries, and B bins."""

    #: int ``(E,)``, from 1.
    epochs: np.ndarray
    kinds: Tuple[str, ...]
    #: Float64 ``(B + 1,)``: the first is 0, the last infinite, the others
    #: double.
    edges: np.ndarray
    #: Entries, int64 ``(E, Q, B)``.
    num_labels: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """Share of a kind's entries, float64 ``(E, Q, B)``; NaN: no entry."""
        total = self.num_labels.sum(2, keepdims=True)
        return np.where(total, self.num_labels / total.clip(1), np.nan)

    def table(self) -> Table:
        """Write a line for each bin, in percent of the kind's entries."""
        pairs = [
            (e, q)
            for e in range(len(self.epochs))
            for q in range(len(self.kinds))
        ]
        head = [
            f'epoch {self.epochs[e]}: {kind_name(self.kinds[q])}, %'
            for e, q in pairs
        ]
        shares = self.shares
        rows = [
            (
                float(self.edges[b]),
                float(self.edges[b + 1]),
                *(percent(shares[e, q, b]) for e, q in pairs),
            )
            for b in range(len(self.edges) - 1)
        ]
        return Table(('loss from', 'to', *head), rows)

    def figure(self) -> Figure:
        """Draw a panel for each epoch, a curve of steps for each kind."""
        width = len(self.epochs)
        figure, axes = new_figure(
            1, width, (0.8 + 2.9 * width, 2.9), sharey=True
        )
        for panel, epoch, shares in zip(axes[0], self.epochs, self.shares):
            for kind, share in zip(self.kinds, shares):
                self._draw(panel, kind, share)
            panel.set(xscale='log', xlabel='loss as annotated')
            panel.axvline(np.log(2), color=INK, ls=':', label='score 0.5')
            panel.set_title(f'epoch {epoch}')
        # Once all are drawn: it ends the fitting of the scale they share.
        axes[0, 0].set_ylim(bottom=0)
        axes[0, 0].set_ylabel('share of the labels, %')
        add_legend(axes[0, 0])
        return figure

    def _draw(self, panel: Axes, kind: str, share: np.ndarray) -> None:
        edges = self.edges.copy()
        # The outer bins are as wide as the others in the drawing.
        edges[0], edges[-1] = edges[1] / 2, edges[-2] * 2
        color = KIND_COLORS[kind]
        name = kind_name(kind)
        panel.stairs(100 * share, edges, color=color, label=name, lw=1.4)
        panel.stairs(100 * share, edges, fill=True, color=color, alpha=0.12)


def loss_histograms(
    records: Records, epochs: Optional[Sequence[int]] = None
) -> LossHistograms:
    """Count the losses of each kind of labels by their size.

    Args:
        records (Records): Of a run.
        epochs (Sequence[int], optional): Which, from 1. Defaults to None: the
            first, the middle and the last that are whole.

    Returns:
        LossHistograms: Kinds without entries are left out.

    Raises:
        NotRecordedError: If no epoch is whole, or one that is asked for.
    """
    chosen = [_pick(records, epoch) for epoch in epochs or []]
    if not chosen:
        every = require_epochs(records)
        places = sorted({0, (len(every) - 1) // 2, len(every) - 1})
        chosen = [every[place] for place in places]
    count = np.stack([_merge(epoch.histogram) for epoch in chosen])
    present = np.flatnonzero(count.any((0, 2)))
    edges = bin_edges()[::MERGED].copy()
    return LossHistograms(
        np.array([epoch.epoch for epoch in chosen]),
        tuple(records.kinds[q] for q in present),
        edges,
        count[:, present],
    )


def _pick(records: Records, epoch: int) -> EpochRecords:
    if epoch not in records.epochs:
        raise NotRecordedError(
            f'Epoch {epoch} of {records.run} is not recorded: choose from '
            f'{list(records.epochs)}.'
        )
    return records.epochs[epoch]


def _merge(histogram: np.ndarray) -> np.ndarray:
    """Add up classes, and bins to doublings, int64 ``(kinds, B)``."""
    total = histogram.sum(1, dtype=np.int64)
    return total.reshape(len(total), -1, MERGED).sum(2)
