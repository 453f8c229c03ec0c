"""Curves of a run, scores of its classes, and its pointing game."""

from typing import Optional

import numpy as np
from matplotlib.ticker import MaxNLocator

from mmwsml.analysis.class_frequencies import say_hidden
from mmwsml.analysis.insights import (
    ClassGains,
    NotRecordedError,
    Table,
    class_gains,
)
from mmwsml.analysis.insights.style import BAD, FIRST, GOOD, SECOND, new_figure
from mmwsml.evaluation.functional import average_precision, positives_alone
from mmwsml.evaluation.positive_unlabeled import positive_unlabeled
from mmwsml.evaluation.predictions import Predictions

from ..data_table import Column, DataTable, finite
from ..markup import Markup
from ..parts import figure_part, folded, small_table
from ..run import FOLDER, Run
from ..scalars import NAMES

COLORS = dict(zip(NAMES, (SECOND, FIRST, FIRST, FIRST, BAD, GOOD)))


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


HOW = (
    'run the report with `--evaluate test`, or tools/test.py CONFIG '
    'CHECKPOINT --out {path}'
)


def write_class_scores(run: Run, base: Optional[Run]) -> Markup:
    """Write a table for each split that was evaluated."""
    if not run.predictions:
        how = HOW.format(path=run.folder / FOLDER / 'test.npz')
        raise NotRecordedError(
            f'The scores of {run.name} are not there: {how}.'
        )
    return Markup('').join(
        _write_split(run, split, result)
        for split, result in run.predictions.items()
    )


def _write_split(run: Run, split: str, result: Predictions) -> Markup:
    precision = average_precision(
        result.scores, result.target, result.observed
    )
    positives = result.target
    if result.observed is not None:
        positives = positives & result.observed
    counts = positives.sum(0)
    columns = (
        Column('class', filter='text'),
        Column('positives', 'number'),
        Column('AP, %', 'number', 'least', digits=1),
    )
    order = np.argsort(-np.nan_to_num(precision, nan=-1), kind='stable')
    rows = [
        (result.classes[k], int(counts[k]), finite(100 * precision[k]))
        for k in order
    ]
    measured = precision[~np.isnan(precision)]
    mean = f'{100 * measured.mean():.2f} %' if len(measured) else 'undefined'
    title = (
        f'{split}: mAP {mean}, the mean over {len(measured):,} classes, of '
        f'{len(result.scores):,} images'
    )
    if len(measured) < len(rows):
        title += (
            f'; {len(rows) - len(measured):,} classes without a value, of '
            'which nothing or positives alone are observed'
        )
    if positives_alone(result.target, result.observed).any():
        found = positive_unlabeled(result.scores, positives)
        title += (
            '. Of positives against all else, which is no mAP: pu_mAP '
            f'{100 * np.nanmean(found.ap):.2f} %, pu_AUC '
            f'{100 * np.nanmean(found.auc):.2f} %'
        )
    table = DataTable(
        f'{run.identity}-classes-{split}',
        title,
        columns,
        rows,
        f'{run.name}-classes-{split}.csv',
    )
    text = say_hidden(result)
    note = Markup('<p>{}</p>').format(text) * bool(text)
    return Markup('<h4>{}</h4>').format(title) + note + table.write()


def write_pointing(run: Run, base: Optional[Run]) -> Markup:
    """Write the outcome of the game, or why there is none."""
    found = run.pointing
    if found is None:
        raise NotRecordedError(
            f'The pointing game of {run.name} was not played: run the report '
            'with `--evaluate test` on a data set with boxes.'
        )
    if 'why_not' in found:
        raise NotRecordedError(f'It cannot be played: {found["why_not"]}')
    head = 'split', 'hit rate, %', 'share of boxes, %', 'maps'
    row = (
        found['split'],
        found['pointing-game/hit_rate'],
        found['pointing-game/box_share'],
        int(found['pointing-game/num_maps']),
    )
    text = (
        'How often the class-activation map of a true class is largest inside '
        'one of its boxes, the mean over classes; a random point would hit '
        'as often as the share of boxes says.'
    )
    name = f'Pointing game of {run.name}'
    table = small_table(Table(head, [row]), name)
    return Markup('<p>{}</p>').format(text) + table


def write_class_gains(run: Run, base: Optional[Run]) -> Markup:
    """Draw the gains on the first split that both runs were evaluated on."""
    if base is None:
        raise NotRecordedError(
            'There is one run here: name a second one after it to see what '
            'that gains in each class.'
        )
    if base is run:
        raise NotRecordedError('The other runs are compared with this one.')
    splits = [split for split in run.predictions if split in base.predictions]
    if not splits:
        raise NotRecordedError(
            'The runs were not evaluated on one split: run the report with '
            '`--evaluate test`.'
        )
    first, second = run.predictions[splits[0]], base.predictions[splits[0]]
    gains = class_gains(first, second)
    caption = (
        f'Average precision on {splits[0]} of {run.name} minus that of '
        f'{base.name}, in points of percent; green: gained. On average '
        f'{gains.summary}; ± is what another sample of images would change.'
    )
    name = f'Gains of {run.name} over {base.name}'
    table = DataTable(
        f'{run.identity}-gain-table',
        name,
        (
            Column('class', filter='text'),
            Column('positives', 'number'),
            *(
                Column(f'{title}, %', 'number', digits=1)
                for title in (f'AP of {run.name}', f'AP of {base.name}')
            ),
            Column('gain', 'number', 'least', digits=1),
            Column('±', 'number', digits=1),
        ),
        [_write_gain(gains, k) for k in gains.order()],
        f'{run.name}-gains.csv',
    )
    return figure_part(gains.figure(), name, caption) + table.write()


def _write_gain(gains: ClassGains, k: int) -> tuple:
    columns = gains.first, gains.second, gains.gain, gains.deviation
    percents = [finite(100 * column[k]) for column in columns]
    return gains.classes[k], int(gains.positives[k]), *percents
