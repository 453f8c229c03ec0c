"""The rows of a benchmark as a picture."""

from pathlib import Path
from typing import (
    Any,
    Callable,
    Dict,
    List,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
)

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mmwsml.datasets.infos import iter_observed
from mmwsml.label_files.label_report import count_labels
from mmwsml.registry import DATASETS
from mmwsml.structures.whole_file import whole_file

from .collect import Row, Spread, split_groups
from .settings import DELTA_REL, Setting
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
    parts = split_groups(rows)
    heights = [len(part) + 3 for part in parts]
    # Without pyplot, whose figures belong to the whole process.
    figure = Figure((10, 0.27 * sum(heights)), layout='constrained')
    axes = figure.subplots(
        len(parts), 2, squeeze=False, gridspec_kw=dict(height_ratios=heights)
    )
    for (left, right), part in zip(axes, parts):
        _draw(left, part, [row.test for row in part])
        _draw(right, part, [row.gap for row in part])
        _set_title(left, part)
        what = ', '.join(part[0].partial) or 'test mAP'
        left.set_xlabel(f'{what} of the epoch chosen on validation, %')
        right.set_xlabel('share of the gap between AN and full closed, %')
        right.set_yticklabels([])
    with whole_file(path, 'wb') as file:
        figure.savefig(file, dpi=120)


def _set_title(axes: Axes, rows: Sequence[Row]) -> None:
    backbone, dataset = rows[0].setting.group
    axes.set_title(f'{dataset}, {backbone}', loc='left')


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


COLORS = ('#555555', '#c0504d', '#3b6fb6', '#4f9d4f', '#8064a2')
MARKERS = 'osD^v'
#: Counts (images, labels) that a setting trains on.
Count = Callable[[Setting], Tuple[int, int]]


class Axis(NamedTuple):
    """Where each setting stands on the x axis of a panel."""

    name: str
    places: Dict[Setting, float]


def count_training(config: dict) -> Tuple[int, int]:
    """Count the images of a training set and the labels that are known.

    Args:
        config (dict): Of a run; its data must be there.

    Returns:
        tuple[int, int]: Images; labels, of which complete ones have as many
        an image as there are classes.
    """
    dataset = DATASETS.build(config['train_dataloader']['dataset'])
    counts = count_labels(
        [''] * config['model']['head']['num_classes'],
        ((i['gt_label'], i.get('neg_label')) for i in iter_observed(dataset)),
    )
    return counts.num_images, counts.num_entries - counts.num_unobserved


def plot_curves(path: Path, rows: Sequence[Row], count: Count) -> None:
    """Draw the panels of each data set side by side.

    What is not varied is a dashed line: full labels and AN beside values of
    ``delta_rel``.

    Args:
        path (Path): The picture.
        rows (Sequence[Row]): Some of them of a varied setting.
        count (Callable): Asked where the number of images is varied.
    """
    parts = split_groups(rows)
    axes = [_axes([row.setting for row in part], count) for part in parts]
    width = max(map(len, axes))
    # Without pyplot, whose figures belong to the whole process.
    figure = Figure((5.5 * width, 3.8 * len(parts)), layout='constrained')
    panels = figure.subplots(len(parts), width, squeeze=False)
    for line, part, of_group in zip(panels, parts, axes):
        for panel, axis in zip(line, of_group):
            _draw_curves(panel, part, axis)
        _set_title(line[0], part)
        line[0].set_ylabel('test mAP, %')
    with whole_file(path, 'wb') as file:
        figure.savefig(file, dpi=120)


def _axes(settings: List[Setting], count: Count) -> List[Axis]:
    varied = [setting for setting in settings if setting.axis]
    if all(setting.axis == DELTA_REL for setting in varied):
        places = {s: s.value for s in varied if s.value is not None}
        return [Axis('delta_rel, %', places)]
    counts = {setting: count(setting) for setting in varied}
    return [
        Axis(name, {setting: pair[n] for setting, pair in counts.items()})
        for n, name in enumerate(('training images', 'known labels'))
    ]


def _draw_curves(panel: Axes, rows: List[Row], axis: Axis) -> None:
    methods = sorted({row.setting.leaf.method for row in rows})
    for method, color, marker in zip(methods, COLORS, MARKERS):
        of_method = [r for r in rows if r.setting.leaf.method == method]
        points = sorted(
            (axis.places[row.setting], row.test.mean, row.test.std or 0)
            for row in of_method
            if row.setting in axis.places
        )
        if points:
            x, y, std = zip(*points)
            style: Any = dict(marker=marker, markersize=5, capsize=3)
            panel.errorbar(x, y, std, color=color, label=method, **style)
        else:
            panel.axhline(
                of_method[0].test.mean, ls='--', color=color, label=method
            )
    panel.set_xscale('log')
    ticks = sorted(set(axis.places.values()))
    if len(ticks) < 8:
        panel.set_xticks(ticks, [f'{tick:g}' for tick in ticks])
        panel.minorticks_off()
    panel.set_xlabel(axis.name)
    panel.grid(color=GRID, linewidth=0.8)
    panel.set_axisbelow(True)
    panel.spines[['top', 'right']].set_visible(False)
    panel.legend(fontsize=8)
