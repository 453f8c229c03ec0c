"""How the figures look: readable on light and on dark paper."""

from typing import Any, Sequence, Tuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mmwsml.analysis.sheet_drawing import list_fonts, shorten

#: Middle tones, so that both papers show them.
INK, GOOD, BAD, UNKNOWN = '#7d7d7d', '#2f9e6e', '#d9573b', '#b08a2e'
FIRST, SECOND = '#4a7fc9', '#c9762f'
RUN_COLORS = FIRST, SECOND, GOOD, '#9467bd', BAD
KIND_COLORS = {
    'TP': FIRST,
    'observed_positive': FIRST,
    'observed_negative': '#9467bd',
    'TN': GOOD,
    'unobserved': UNKNOWN,
    'FN': BAD,
}


def new_figure(
    rows: int, columns: int, size: Tuple[float, float], **options: Any
) -> Tuple[Figure, np.ndarray]:
    """Make a figure with a transparent background.

    Args:
        rows (int): Panels below one another.
        columns (int): Panels beside one another.
        size (tuple[float, float]): Width and height in inches.
        **options: Of ``Figure.subplots``.

    Returns:
        tuple[Figure, ndarray]: The figure, and its axes ``(rows, columns)``.
    """
    # Without pyplot, whose figures belong to the whole process.
    figure = Figure(size, layout='constrained', facecolor='none')
    axes = figure.subplots(rows, columns, squeeze=False, **options)
    for panel in axes.flat:
        _ink(panel)
    return figure, axes


def add_legend(panel: Axes, **options: Any) -> None:
    """Draw a legend without a frame."""
    panel.legend(frameon=False, fontsize=8, labelcolor=INK, **options)


def name_lines(panel: Axes, names: Sequence[str]) -> None:
    """Name the lines of a panel, the first on top; a `$` is a dollar."""
    panel.set_yticks(
        range(len(names)), names, parse_math=False, family=list_fonts()
    )
    panel.set_ylim(max(len(names), 4) - 0.4, -0.6)
    panel.grid(False, axis='y')


def clip_name(name: str, width: int) -> str:
    """Write a name in one line, its middle cut out where it is too long."""
    return shorten(' '.join(name.split()), width)


def kind_name(kind: str) -> str:
    """Name a kind for a reader."""
    return kind.replace('_', ' ')


def _ink(panel: Axes) -> None:
    panel.set_facecolor('none')
    panel.grid(color=INK, alpha=0.25, linewidth=0.7)
    panel.set_axisbelow(True)
    panel.spines[['top', 'right']].set_visible(False)
    panel.spines[['left', 'bottom']].set_color(INK)
    panel.tick_params(which='both', colors=INK, labelsize=8)
    for text in (panel.xaxis.label, panel.yaxis.label, panel.title):
        text.set_color(INK)
    panel.title.set_fontsize(10)
