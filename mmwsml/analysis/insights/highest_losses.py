"""The phase of training in which each label has its highest loss."""

from typing import List, NamedTuple, Tuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mmwsml.records import EpochRecords, Records

from .not_recorded import NotRecordedError, require_epochs
from .style import INK, KIND_COLORS, add_legend, kind_name, new_figure
from .table import Table, percent

CHUNK = 2**22  # entries that are looked at at once


class HighestLosses(NamedTuple):
    """Of E epochs and the Q kinds that have entries."""

    #: The epochs that are whole, int ``(E,)``, from 1.
    epochs: np.ndarray
    kinds: Tuple[str, ...]
    #: Entries whose highest loss is of an epoch, int64 ``(Q, E)``; of equal
    #: losses the earliest counts.
    num_labels: np.ndarray
    #: Warm-up is up to this epoch.
    warmup: int

    @property
    def shares(self) -> np.ndarray:
        """Share of a kind's entries by epoch, float64 ``(Q, E)``."""
        return self.num_labels / self.num_labels.sum(1, keepdims=True)

    @property
    def in_warmup(self) -> np.ndarray:
        """Share of a kind's entries in the warm-up, float64 ``(Q,)``."""
        return self.shares[:, self.epochs <= self.warmup].sum(1)

    def table(self) -> Table:
        """Write the paper's table, a line for each kind."""
        head = 'kind', 'labels', 'warm-up, %', 'regular training, %'
        rows = [
            (kind_name(kind), int(count), percent(share), percent(1 - share))
            for kind, count, share in zip(
                self.kinds, self.num_labels.sum(1), self.in_warmup
            )
        ]
        return Table(head, rows)

    def figure(self) -> Figure:
        """Draw the share of each epoch, a curve for each kind."""
        figure, axes = new_figure(1, 1, (5.2, 3.2))
        panel = axes[0, 0]
        for kind, shares in zip(self.kinds, self.shares):
            style = dict(color=KIND_COLORS[kind], marker='.')
            panel.plot(
                self.epochs, 100 * shares, label=kind_name(kind), **style
            )
        panel.axhline(
            100 / len(self.epochs), color=INK, ls=':', label='equal shares'
        )
        panel.axvspan(
            self.epochs[0] - 0.3, self.warmup + 0.5, color=INK, alpha=0.15
        )
        panel.set_ylim(bottom=0)
        panel.set_title('epoch of the highest loss; shaded: warm-up')
        panel.set(xlabel='epoch', ylabel='share of the labels, %')
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        add_legend(panel)
        return figure


def highest_losses(records: Records, warmup: int = 1) -> HighestLosses:
    """Find the epoch of the highest loss of every label.

    Reads the loss of every entry in chunks of images. An entry that no epoch
    showed is left out.

    Paper: `Large Loss Matters in Weakly Supervised Multi-Label
    Classification <https://arxiv.org/abs/2206.03740>`_, section 3.

    Args:
        records (Records): Of a run with ``keep='losses'``.
        warmup (int): Last epoch of the warm-up. Defaults to 1.

    Returns:
        HighestLosses: Kinds without entries are left out.

    Raises:
        NotRecordedError: If the loss of every entry was not kept, epoch 1 is
            not recorded, or no epoch comes after the warm-up.
    """
    epochs = require_epochs(records)
    _check(records, epochs, warmup)
    size = len(records.kinds), len(epochs) + 1  # the last: never seen
    count = np.zeros(size, np.int64)
    step = max(1, CHUNK // records.images.num_classes)
    for first in range(0, len(records.images), step):
        rows = np.arange(first, min(first + step, len(records.images)))
        kinds = records.images.kinds_of(rows).astype(np.int64)
        codes = kinds * size[1] + _find_highest(epochs, first, len(rows))
        found = np.bincount(codes.ravel(), minlength=count.size)
        count += found.reshape(size)
    count = count[:, :-1]
    present = np.flatnonzero(count.any(1))
    return HighestLosses(
        np.array([e.epoch for e in epochs]),
        tuple(records.kinds[q] for q in present),
        count[present],
        warmup,
    )


def _find_highest(
    epochs: List[EpochRecords], first: int, num: int
) -> np.ndarray:
    """Find the index of the epoch of the highest loss of some images.

    Returns:
        ndarray: Of entries that were never shown the number of epochs,
        ``(num, K)``.
    """
    rows = slice(first, first + num)
    shape = epochs[0].losses[rows].shape
    highest = np.full(shape, -1, np.float16)  # below any loss
    index = np.full(shape, len(epochs))
    for e, epoch in enumerate(epochs):
        losses = epoch.losses[rows]
        higher = losses > highest  # NaN is not
        highest[higher] = losses[higher]
        index[higher] = e
    return index


def _check(records: Records, epochs: List[EpochRecords], warmup: int) -> None:
    lacking = [e.epoch for e in epochs if not e.has_losses]
    if lacking:
        raise NotRecordedError(
            f'{records.run} does not hold the loss of every entry (epoch '
            f'{lacking[0]}): train with `default_hooks.record.keep=losses`.'
        )
    if epochs[0].epoch != 1:
        raise NotRecordedError(
            f'{records.run} is recorded from epoch {epochs[0].epoch} on, but '
            'the warm-up begins with epoch 1: record a run from its start.'
        )
    if not 1 <= warmup < epochs[-1].epoch:
        raise NotRecordedError(
            f'The warm-up must end between epoch 1 and the last recorded '
            f'one, {epochs[-1].epoch}, which comes after it, but is {warmup} '
            f'epochs long in {records.run}: train on, or choose a shorter '
            'warm-up.'
        )
