"""What happened to the labels of images, epoch by epoch."""

from typing import List, Optional

import numpy as np

from mmwsml.analysis.insights import NotRecordedError, Timeline, Timelines

from ..markup import Markup, render
from ..run import Run

SIZE = 240  # px
WORDS = {True: 'truly present', False: 'not present', None: 'not known'}
STYLES = {True: 'right', False: 'wrong', None: 'unknown'}
MOST_MISSED = 8


def write_timelines(run: Run, base: Optional[Run]) -> Markup:
    """Write a card for each of the most modified images."""
    if not run.options.num_timelines:
        raise NotRecordedError('Left out by `--num-timelines 0`.')
    timelines = run.timelines
    return render(
        'timelines',
        epochs=timelines.epochs,
        stays=timelines.stays,
        cards=[_describe(run, timelines, x) for x in timelines.images],
    )


def _describe(run: Run, timelines: Timelines, image: Timeline) -> dict:
    missed = _names(timelines, image.missed[:MOST_MISSED])
    more = len(image.missed) - MOST_MISSED
    return dict(
        sample_id=image.sample_id,
        picture=run.pictures.uri(image.sample_id, SIZE),
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
