"""The rows of a benchmark as a picture."""

from pathlib import Path
from typing import List, Optional, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mmwsml.structures.whole_file import whole_file

from .collect import Row, Spread
from .tables import format_spread

POINT, END, GRID = '#3b6fb6', '#333333', '#dddddd'
#: Method -> style of the vertical line through it.
ENDS = {'an': ':', 'full': '--'}
#: Labels that most methods train on; others are named.
USUAL = ('1pos', 'full')


def plot_rows(path: Path, rows: Sequence[Row]) -> None:
    """Draw mAP and share of the gap closed, each group of rows below another.

    Args:
        path (Path): The picture.
        rows (Sequence[Row]): Group by group, the best first; at least one.
    """
    groups = list(dict.fromkeys(row.setting.group for row in rows))
    parts = [[r for r in rows if r.setting.group == g] for g in groups]
    heights = [len(part) + 3 for part in parts]
    # Without pyplot, whose figures belong to the whole process.
    figure = Figure((10, 0.27 * sum(heights)), layout='constrained')
    axes = figure.subplots(
        len(parts),
        2,
        squeeze=False,
        gridspec_kw=dict(height_ratios=heights),
    )
    for (left, right), part, group in zip(axes, parts, groups):
        _draw(left, part, [row.test for row in part])
        _draw(right, part, [row.gap for row in part])
        left.set_title(f'{group[1]}, {group[0]}', loc='left')
        what = ', '.join(part[0].partial) or 'test mAP'
        left.set_xlabel(f'{what} of the epoch chosen on validation, %')
        right.set_xlabel('share of the gap between AN and full closed, %')
        right.set_yticklabels([])
    with whole_file(path, 'wb') as file:
        figure.savefig(file, dpi=120)


def _draw(axes: Axes, rows: List[Row], values: List[Optional[Spread]]) -> None:
    """Draw a point with its deviation for each row, its numbers beside it."""
    axes.set_ylim(len(rows) - 0.5, -0.5)  # the best on top
    axes.set_yticks(range(len(rows)), [_name(row) for row in rows])
    axes.tick_params(axis='y', length=0)
    axes.grid(axis='y', color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[['top', 'right', 'left']].set_visible(False)
    for y, (row, value) in enumerate(zip(rows, values)):
        method = row.setting.leaf.method
        if value is not None:
            color = END if method in ENDS else POINT
            axes.errorbar(
                value.mean, y, xerr=value.std, fmt='o', color=color, capsize=3
            )
            if method in ENDS:
                axes.axvline(value.mean, color=END, ls=ENDS[method], lw=1)
        axes.annotate(
            format_spread(value),
            (1.02, y),
            xycoords=('axes fraction', 'data'),
            va='center',
            annotation_clip=False,
        )


def _name(row: Row) -> str:
    labels = row.setting.leaf.labels
    return row.setting.label + f' ({labels})' * (labels not in USUAL)
