"""Loss, mAP and modification, epoch by epoch."""

from typing import Optional

from matplotlib.ticker import MaxNLocator

from mmwsml.analysis.insights import NotRecordedError, Table
from mmwsml.analysis.insights.style import BAD, FIRST, GOOD, SECOND, new_figure

from ..markup import Markup
from ..parts import figure_part, folded, small_table
from ..run import Run
from ..scalars import NAMES

COLORS = dict(zip(NAMES, (SECOND, FIRST, FIRST, BAD, GOOD)))


def write_curves(run: Run, base: Optional[Run]) -> Markup:
    """Draw what the log holds; a panel for each of ``NAMES``."""
    scalars = run.scalars
    if not scalars:
        raise NotRecordedError(
            f'{run.folder} has no log: it holds no vis_data/scalars.json with '
            'a loss, which MMEngine writes by itself while it trains.'
        )
    figure, axes = new_figure(1, len(scalars), (0.5 + 2.6 * len(scalars), 2.7))
    for panel, (name, curve) in zip(axes[0], scalars.items()):
        style = dict(color=COLORS[name], marker='.')
        panel.plot(list(curve), list(curve.values()), **style)
        panel.set(title=NAMES[name], xlabel='epoch')
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    caption = (
        'Where labels are missing, a loss that keeps falling while the mAP '
        'falls too is the sign of memorised labels.'
    )
    table = folded(
        'Numbers',
        small_table(_tabulate(scalars), f'Curves of {run.name}', 'curves.csv'),
    )
    return figure_part(figure, 'Training curves', caption) + table


def _tabulate(scalars: dict) -> Table:
    epochs = sorted({epoch for curve in scalars.values() for epoch in curve})
    rows = [
        (epoch, *(curve.get(epoch) for curve in scalars.values()))
        for epoch in epochs
    ]
    return Table(('epoch', *(NAMES[name] for name in scalars)), rows)
