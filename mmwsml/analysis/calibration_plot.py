"""The reliability diagram: what scores promise and what is true."""

from pathlib import Path
from typing import Any, Dict

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mmwsml.evaluation.calibration import Reliability
from mmwsml.structures.whole_file import whole_file

STYLE: Dict[str, Any] = dict(align='edge', edgecolor='white', linewidth=0.5)
TRUE, HIGH, LOW, LINE = '#3b6fb6', '#f2b27a', '#a9cbee', '#333333'


def plot_reliability(path: Path, totals: Dict[str, Reliability]) -> None:
    """Draw a reliability diagram with a histogram for each split.

    Args:
        path (Path): The picture.
        totals (dict[str, Reliability]): Split -> table of one row.
    """
    # Without pyplot, whose figures belong to the whole process.
    figure = Figure(figsize=(4.6 * len(totals), 5.4), layout='constrained')
    axes = figure.subplots(
        2,
        len(totals),
        sharex=True,
        sharey='row',
        squeeze=False,
        gridspec_kw=dict(height_ratios=(3, 1)),
    )
    for column, (split, total) in zip(axes.T, totals.items()):
        _draw_diagram(column[0], total)
        _draw_histogram(column[1], total.num_entries[0])
        error = total.error()[0]
        column[0].set_title(f'{split}: calibration error {error:.2f} %')
    # Once all are drawn: it ends the fitting of the scale they share.
    axes[1, 0].set_ylim(bottom=0)
    axes[0, 0].set_ylabel('share of positives')
    axes[0, 0].legend(loc='upper left', frameon=False)
    axes[1, 0].set_ylabel('known labels')
    with whole_file(path, 'wb') as file:
        figure.savefig(file, dpi=120)


def _draw_diagram(axes: Axes, total: Reliability) -> None:
    """Draw a bar a bin; its gap to the mean score is what the error sums."""
    count = total.num_entries[0]
    edges = np.linspace(0, 1, len(count) + 1)
    filled = count > 0
    left, width = edges[:-1][filled], 1 / len(count)
    scores = total.score_sum[0, filled] / count[filled]
    share = total.num_positives[0, filled] / count[filled]
    axes.bar(left, share, width, color=TRUE, label='positives', **STYLE)
    for sign, color, label in (
        (1, HIGH, 'scores too high by'),
        (-1, LOW, 'scores too low by'),
    ):
        gap = np.maximum(sign * (scores - share), 0)
        bottom = np.minimum(scores, share)
        axes.bar(
            left, gap, width, bottom=bottom, color=color, label=label, **STYLE
        )
    axes.plot([0, 1], [0, 1], '--', color=LINE, linewidth=1)
    axes.set(xlim=(0, 1), ylim=(0, 1))


def _draw_histogram(axes: Axes, count: np.ndarray) -> None:
    edges = np.linspace(0, 1, len(count) + 1)
    axes.bar(edges[:-1], count, 1 / len(count), color=TRUE, **STYLE)
    axes.set_yscale('symlog', linthresh=1)  # a bin may be empty
    axes.set_xlabel('score')
