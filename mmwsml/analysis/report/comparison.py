"""All runs of a report side by side."""

import math
from typing import Iterator, List, Optional, Sequence

import numpy as np
from matplotlib.ticker import MaxNLocator

from mmwsml.analysis.insights import NotRecordedError, Table
from mmwsml.analysis.insights.style import add_legend, new_figure
from mmwsml.evaluation.doubtful_choice import (
    MEASURED,
    tell_chosen_labels,
    tell_doubt,
)
from mmwsml.evaluation.functional import average_precision
from mmwsml.records.run_folder import (
    METRIC,
    ONE_SIDED,
    PARTIAL,
    RIVAL,
    chosen_by,
)

from .markup import Markup, render
from .parts import figure_part, small_table
from .run import Run

#: What stands in the place of the columns of validation.
PARTIAL_NOTE = (
    'In most validation images of {} no class is known to be absent: the '
    'epoch was chosen by pu_AUC, not by the mAP; its curve is among those of '
    'the run.'
)
HEAD = (
    'run',
    'best validation mAP, %',
    'its epoch',
    'last, %',
    'test mAP, %',
    'precision of modification, %',
    'chance, %',
    'recall of modification, %',
    'chance of recall, %',
)


def write_comparison(runs: Sequence[Run]) -> Markup:
    """Write a table of all runs and the curves of their validation mAP."""
    rows = [
        (run.name, *_score(run), *_judge_modification(run)) for run in runs
    ]
    partial = [run.name for run in runs if chosen_by(run.folder) == PARTIAL]
    curves = {
        run.name: run.scalars.get(METRIC, {})
        for run in runs
        if run.name not in partial
    }
    return render(
        'comparison',
        table=small_table(Table(HEAD, rows), 'The runs', 'comparison.csv'),
        note=PARTIAL_NOTE.format(', '.join(partial)) if partial else '',
        doubts=[MEASURED] * bool(partial) + list(_doubts(runs)),
        plot=_plot(curves) if any(curves.values()) else '',
    )


def _doubts(runs: Sequence[Run]) -> Iterator[str]:
    """Name the runs whose choice is one to doubt."""
    for run in runs:
        curves = (run.scalars.get(x, {}) for x in (PARTIAL, RIVAL))
        doubt = tell_doubt(*(list(curve.values()) for curve in curves))
        shares = run.scalars.get(ONE_SIDED, {}).values()
        for text in filter(None, (doubt, tell_chosen_labels([*shares]))):
            yield f'{run.name}: {text}'


def _score(run: Run) -> List[Optional[float]]:
    curve = {
        epoch: value
        for epoch, value in run.scalars.get(METRIC, {}).items()
        if chosen_by(run.folder) == METRIC
        if not math.isnan(value)
    }
    scores: List[Optional[float]] = [None, None, None]
    if curve:
        best = max(curve, key=lambda epoch: (curve[epoch], -epoch))
        scores = [curve[best], best, curve[max(curve)]]
    result = run.predictions.get('test')
    if result is None:
        return [*scores, None]
    precision = average_precision(
        result.scores, result.target, result.observed
    )
    measured = precision[~np.isnan(precision)]
    return [*scores, float(100 * measured.mean()) if len(measured) else None]


def _judge_modification(run: Run) -> List[Optional[float]]:
    try:
        scores = run.scores
    except NotRecordedError:
        return [None] * 4
    last = np.flatnonzero(scores.modified)[-1]
    columns = (
        scores.precision,
        scores.chance_precision,
        scores.recall,
        scores.chance_recall,
    )
    return [float(100 * column[last]) for column in columns]


def _plot(curves: dict) -> Markup:
    figure, axes = new_figure(1, 1, (6.2, 3.2))
    panel = axes[0, 0]
    for name, curve in curves.items():
        panel.plot(list(curve), list(curve.values()), marker='.', label=name)
    panel.set(xlabel='epoch', ylabel='validation mAP, %')
    panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    add_legend(panel)
    caption = 'Validation mAP of each run by epoch.'
    return figure_part(figure, 'Validation mAP', caption)
