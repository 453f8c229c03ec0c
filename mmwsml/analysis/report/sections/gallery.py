"""Modified labels with their pictures."""

from typing import List, Optional

from mmwsml.analysis.insights import NotRecordedError
from mmwsml.analysis.insights.timelines import format_epochs

from ..choices import Shown
from ..markup import Markup, element, join
from ..run import Run

SIZE = 160  # px
TITLES = (
    'Hidden positives that were found',
    'Mistakes: truly absent',
    'Nobody knows whether they are present',
)
STYLES = {True: 'right', False: 'wrong', None: 'unknown'}


def write_gallery(run: Run, base: Optional[Run]) -> Markup:
    """Write the groups of modified labels that are not empty."""
    if not run.options.num_pictures:
        raise NotRecordedError('Left out by `--num-pictures 0`.')
    gallery = run.gallery
    parts = [
        _write_group(run, title, group, total)
        for title, group, total in zip(TITLES, gallery.groups, gallery.totals)
        if total
    ]
    text = (
        'The labels that most epochs modified, three of a class at most. '
        'Loss: the mean of these epochs, of the label as absent.'
    )
    return join([element('p', text), *parts])


def _write_group(
    run: Run, title: str, group: List[Shown], total: int
) -> Markup:
    tiles = [_write_tile(run, shown) for shown in group]
    count = f'{len(group):,} of {total:,}'
    return join(
        [
            element('h4', f'{title} ({count})'),
            element('ul', *tiles, class_='gallery'),
        ]
    )


def _write_tile(run: Run, shown: Shown) -> Markup:
    name = run.records.classes[shown.label]
    picture = run.pictures.tile(
        shown.sample_id, SIZE, f'{shown.sample_id}, modified: {name}'
    )
    word = 'epoch' if len(shown.epochs) == 1 else 'epochs'
    when = f'{word} {format_epochs(shown.epochs)}, loss {shown.loss:.2f}'
    return element(
        'li',
        picture,
        element('b', name, class_=STYLES[shown.right]),
        element('span', when),
        element('small', shown.sample_id),
    )
