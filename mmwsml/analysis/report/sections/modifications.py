"""Precision and recall of what was modified."""

from typing import Optional

from ..markup import Markup
from ..parts import figure_part, folded, small_table
from ..run import Run


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
        caption += ' Nobody knows which were right in this run.'
    name = 'Precision and recall of modification'
    table = small_table(
        scores.table(), f'{name} by epoch', f'{run.name}-modifications.csv'
    )
    part = figure_part(scores.figure(), name, caption)
    return part + folded('Numbers', table)
