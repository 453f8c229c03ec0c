"""How well class-activation maps point at the objects."""

from typing import Optional

from mmwsml.analysis.insights import NotRecordedError, Table

from ..markup import Markup
from ..parts import small_table
from ..run import Run


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
