"""What is varied, against mAP: a curve for each method."""

from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Sequence, Tuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mmwsml.datasets.infos import iter_observed
from mmwsml.registry import DATASETS
from mmwsml.structures.whole_file import whole_file

from .collect import Row
from .settings import DELTA_REL, Setting

COLORS = ('#555555', '#c0504d', '#3b6fb6', '#4f9d4f', '#8064a2')
MARKERS = 'osD^v'
#: Counts (images, labels) that a setting trains on.
Count = Callable[[Setting], Tuple[int, int]]


class Axis(NamedTuple):
    """Where each setting stands on the x axis of a panel."""

    name: str
    places: Dict[Setting, float]


def count_labels(config: dict) -> Tuple[int, int]:
    """Count the images of a training set and the labels that are known.

    Args:
        config (dict): Of a run; its data must be there.

    Returns:
        tuple[int, int]: Images; labels, of which complete ones have as many
        an image as there are classes.
    """
    num_images = num_labels = 0
    dataset = DATASETS.build(config['train_dataloader']['dataset'])
    for info in iter_observed(dataset):
        num_images += 1
        if 'neg_label' in info:
            num_labels += len(info['gt_label']) + len(info['neg_label'])
        else:
            num_labels += config['model']['head']['num_classes']
    return num_images, num_labels


def plot_curves(path: Path, rows: Sequence[Row], count: Count) -> None:
    """Draw the panels of each data set side by side.

    What is not varied is a dashed line: full labels and AN beside values of
    ``delta_rel``.

    Args:
        path (Path): The picture.
        rows (Sequence[Row]): Some of them of a varied setting.
        count (Callable): Asked where the number of images is varied.
    """
    groups = list(dict.fromkeys(row.setting.group for row in rows))
    parts = [[r for r in rows if r.setting.group == g] for g in groups]
    axes = [_axes([row.setting for row in part], count) for part in parts]
    width = max(map(len, axes))
    # Without pyplot, whose figures belong to the whole process.
    figure = Figure((5.5 * width, 3.8 * len(groups)), layout='constrained')
    panels = figure.subplots(len(groups), width, squeeze=False)
    for line, part, of_group, group in zip(panels, parts, axes, groups):
        for panel, axis in zip(line, of_group):
            _draw(panel, part, axis)
        line[0].set_title(f'{group[1]}, {group[0]}', loc='left')
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


def _draw(panel: Axes, rows: List[Row], axis: Axis) -> None:
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
    panel.grid(color='#dddddd', linewidth=0.8)
    panel.set_axisbelow(True)
    panel.spines[['top', 'right']].set_visible(False)
    panel.legend(fontsize=8)
