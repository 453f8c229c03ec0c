"""What happened to the labels of images, epoch by epoch."""

from typing import List, Optional

import numpy as np

from mmwsml.analysis.insights import NotRecordedError, Timeline, Timelines

from ..markup import Markup, element, join
from ..parts import scroll_box
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
    stays = ' and stays so from then on' if timelines.stays else ''
    text = (
        f'The {len(timelines.images)} images of which most labels were '
        'modified. A filled cell: the label was modified in this epoch'
        f'{stays}. Green: truly present, red: not, brown: nobody knows.'
    )
    cards = [_write_card(run, timelines, x) for x in timelines.images]
    return join(
        [element('p', text), element('div', *cards, class_='timelines')]
    )


def _write_card(run: Run, timelines: Timelines, image: Timeline) -> Markup:
    given = _names(timelines, image.given) or 'none'
    facts = [element('p', element('b', 'Given: '), given)]
    if image.missed:
        shown = _names(timelines, image.missed[:MOST_MISSED])
        more = len(image.missed) - MOST_MISSED
        shown += f' and {more} more' if more > 0 else ''
        facts.append(element('p', element('b', 'Never modified: '), shown))
    alt = f'{image.sample_id}, given as {given}'
    picture = run.pictures.tile(image.sample_id, SIZE, alt)
    body = element('div', *facts, _write_grid(timelines, image))
    title = element('h4', image.sample_id)
    return element('article', title, picture, body, class_='timeline')


def _names(timelines: Timelines, labels: List[int]) -> str:
    return ', '.join(timelines.classes[k] for k in labels)


def _write_grid(timelines: Timelines, image: Timeline) -> Markup:
    """Write a line for each modified class, a cell for each epoch."""
    head = [element('th', 'class', scope='col')]
    head += [element('th', epoch, scope='col') for epoch in timelines.epochs]
    rows = [
        _write_line(timelines, image, place, label)
        for place, label in enumerate(image.classes)
    ]
    table = element(
        'table',
        element('thead', element('tr', *head)),
        element('tbody', *rows),
        class_='grid',
    )
    return scroll_box(table, f'Epochs of {image.sample_id}')


def _write_line(
    timelines: Timelines, image: Timeline, place: int, label: int
) -> Markup:
    right = image.is_right(label)
    marked = image.modified[:, place]
    if timelines.stays:
        marked = np.logical_or.accumulate(marked)
    name = element(
        'th',
        f'{timelines.classes[label]} ',
        element('small', WORDS[right]),
        scope='row',
        class_=STYLES[right],
    )
    cells = [
        element(
            'td',
            element('span', 'modified', class_='hidden') if mark else '',
            class_=mark and f'on {STYLES[right]}',
            title=_say_loss(loss),
        )
        for mark, loss in zip(marked.tolist(), image.losses[:, place])
    ]
    return element('tr', name, *cells)


def _say_loss(loss: float) -> object:
    return False if np.isnan(loss) else f'loss {loss:.3f}'
