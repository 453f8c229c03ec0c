"""Modified labels with their pictures."""

from typing import Optional

from mmwsml.analysis.insights import NotRecordedError
from mmwsml.analysis.insights.timelines import format_epochs

from ..choices import Shown
from ..markup import Markup, render
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
    groups = zip(TITLES, run.gallery.groups, run.gallery.totals)
    return render(
        'gallery',
        groups=[
            (title, [_describe(run, shown) for shown in group], total)
            for title, group, total in groups
        ],
    )


def _describe(run: Run, shown: Shown) -> dict:
    word = 'epoch' if len(shown.epochs) == 1 else 'epochs'
    return dict(
        sample_id=shown.sample_id,
        name=run.records.classes[shown.label],
        picture=run.pictures.uri(shown.sample_id, SIZE),
        style=STYLES[shown.right],
        when=f'{word} {format_epochs(shown.epochs)}, loss {shown.loss:.2f}',
    )
