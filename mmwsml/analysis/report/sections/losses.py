"""The losses of each kind of label, and what was modified."""

from typing import Optional

from mmwsml.analysis.insights import (
    Table,
    highest_losses,
    loss_curves,
    loss_histograms,
)
from mmwsml.analysis.insights.loss_curves import plot_loss_curves
from mmwsml.records import Records

from ..markup import Markup
from ..parts import figure_part, folded, small_table
from ..run import Run

KNOWN = (
    'TP: known positives; TN: unobserved and truly absent; FN: unobserved '
    'but truly present, the hidden positives.'
)
UNKNOWN = (
    'Nobody knows which unobserved labels of this run are present, so they '
    'are one kind.'
)


def write_memorisation(run: Run, base: Optional[Run]) -> Markup:
    """Draw the loss of each kind by epoch, that of the first run beside it."""
    curves = loss_curves(run.records)
    drawn = {f'mean, {run.name}': curves}
    if base is not None and base is not run and not base.why_no_records:
        drawn[f'mean, {base.name} (first run)'] = loss_curves(base.records)
    caption = (
        'Cross-entropy as annotated, unobserved labels as absent. The loss of '
        'hidden positives (FN) is high while the network tells that they are '
        'present; when it falls, the network learns by heart that they are '
        'not. '
    )
    figure = plot_loss_curves(drawn)
    part = figure_part(figure, 'Loss by kind', caption + _explain(run.records))
    return part + _numbers(curves.table(), 'Loss by kind and epoch', run)


def write_highest(run: Run, base: Optional[Run]) -> Markup:
    """Draw in which epoch labels have their highest loss, and the table."""
    found = highest_losses(run.records, run.options.warmup)
    caption = (
        'In which epoch each label has its highest loss. Hidden positives '
        '(FN) have it after the warm-up more often than other labels, which '
        'is what methods of large losses rest on.'
    )
    table = small_table(
        found.table(),
        f'Warm-up: epochs 1 to {found.warmup}',
        f'{run.name}-highest-losses.csv',
    )
    part = figure_part(
        found.figure(),
        'Epoch of the highest loss',
        caption,
    )
    return part + table


def write_histograms(run: Run, base: Optional[Run]) -> Markup:
    """Draw how losses are spread, in the first, middle and last epoch."""
    found = loss_histograms(run.records)
    caption = (
        'How losses of each kind are spread, in percent of the kind; bins '
        'double. The further the hidden positives (FN) stand to the right of '
        'TN, the better a threshold tells them apart.'
    )
    part = figure_part(found.figure(), 'Losses by kind', caption)
    return part + _numbers(found.table(), 'Histogram of losses', run)


def _explain(records: Records) -> str:
    return UNKNOWN if records.truth is None else KNOWN


def _numbers(table: Table, name: str, run: Run) -> Markup:
    file_name = f'{run.name}-{name.lower().replace(" ", "-")}.csv'
    return folded('Numbers', small_table(table, name, file_name))


def write_modifications(run: Run, base: Optional[Run]) -> Markup:
    """Draw them by epoch against chance, with what is modified again."""
    scores = run.scores
    caption = (
        'Precision: the share of hidden positives in what an epoch modified; '
        'recall: the share of hidden positives that it modified. Dotted: what '
        'as many labels drawn by chance would reach. Right: the share of the '
        "epoch before's labels that is modified again, a sign of a settled "
        'choice.'
    )
    if run.records.truth is None:
        caption = (
            "The share of the epoch before's labels that is modified again, a "
            'sign of a settled choice. Nobody knows which were right.'
        )
    name = 'Precision and recall of modification'
    table = small_table(
        scores.table(), f'{name} by epoch', f'{run.name}-modifications.csv'
    )
    part = figure_part(scores.figure(), name, caption)
    return part + folded('Numbers', table)
