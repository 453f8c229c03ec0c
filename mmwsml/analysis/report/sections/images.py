"""Modified labels with their pictures, and images through training."""

from typing import List, Optional

import numpy as np

from mmwsml.analysis.insights import NotRecordedError, Timeline, Timelines
from mmwsml.analysis.insights.timelines import format_epochs

from ..choices import Shown
from ..markup import Markup, render
from ..run import Run

SIZE, WIDE = 288, 288  # px, of a label and of a timeline
TITLES = (
    'Hidden positives that were found',
    'Mistakes: truly absent',
    'Nobody knows whether they are present',
)
STYLES = {True: 'right', False: 'wrong', None: 'unknown'}
WORDS = {True: 'truly present', False: 'not present', None: 'not known'}
MOST_MISSED = 8


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


def write_timelines(run: Run, base: Optional[Run]) -> Markup:
    """Write a card for each of the most modified images."""
    if not run.options.num_timelines:
        raise NotRecordedError('Left out by `--num-timelines 0`.')
    timelines = run.timelines
    return render(
        'timelines',
        epochs=timelines.epochs,
        stays=timelines.stays,
        cards=[_describe_image(run, timelines, x) for x in timelines.images],
    )


def _describe_image(run: Run, timelines: Timelines, image: Timeline) -> dict:
    missed = _names(timelines, image.missed[:MOST_MISSED])
    more = len(image.missed) - MOST_MISSED
    return dict(
        sample_id=image.sample_id,
        picture=run.pictures.uri(image.sample_id, WIDE),
        given=_names(timelines, image.given) or 'none',
        missed=missed + (f' and {more} more' if more > 0 else ''),
        lines=[
            _describe_line(timelines, image, place, label)
            for place, label in enumerate(image.classes)
        ],
    )


def _names(timelines: Timelines, labels: List[int]) -> str:
    return ', '.join(timelines.classes[k] for k in labels)


def _describe_line(
    timelines: Timelines, image: Timeline, place: int, label: int
) -> dict:
    """Take a modified class, of which each epoch is a cell."""
    right = image.is_right(label)
    marked = image.modified[:, place]
    if timelines.stays:
        marked = np.logical_or.accumulate(marked)
    return dict(
        name=timelines.classes[label],
        style=STYLES[right],
        word=WORDS[right],
        cells=list(zip(marked.tolist(), image.losses[:, place].tolist())),
    )
