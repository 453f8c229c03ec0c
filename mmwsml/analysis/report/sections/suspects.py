"""Unobserved labels that are probably present, for a person to look at."""

import math
from typing import List, Optional, Sequence

from mmwsml.analysis.clean_up import Suspect, judge_list

from ..data_table import Cell, Column, DataTable, finite, share_pictures
from ..markup import Markup
from ..run import Run

SIZE = 288  # px, large enough to judge
BARS = '▁▂▃▄▅▆▇█'
WORDS = {True: 'present', False: 'absent', None: None}
COLUMNS = (
    Column('picture', 'picture', saved=''),
    Column('class', filter='choice'),
    Column('image', filter='text', saved='sample_id'),
    Column('present?', 'answer', saved='present'),
    Column('score', 'number', 'least', digits=2),
    Column('mean loss', 'number', 'least', digits=2, saved='mean_loss'),
    Column('epochs that agree', 'number', 'least', saved=''),
    Column('agreement', shown=False),
    Column('loss by epoch', 'bars', saved=''),
    Column('losses', shown=False),
)
TRUTH = Column('truth', filter='choice', saved='')


def write_suspects(run: Run, base: Optional[Run]) -> Markup:
    """Write the table, and how good it is where the truth is known."""
    suspects = run.suspects
    ids = [suspect.sample_id for suspect in suspects]
    with_picture = run.options.num_suspect_pictures
    uris = [run.pictures.uri(x, SIZE) for x in ids[:with_picture]]
    uris += [None] * (len(ids) - len(uris))
    pictures, places = share_pictures(uris)
    knows = run.records.truth is not None
    table = DataTable(
        f'{run.identity}-suspect-table',
        f'Labels of {run.name} that are probably missing',
        (*COLUMNS, TRUTH) if knows else COLUMNS,
        [
            _row(run, suspect, place, knows)
            for suspect, place in zip(suspects, places)
        ],
        f'{run.name}-suspects.csv',
        pictures,
        str(run.folder),
    )
    texts = map(Markup('<p>{}</p>').format, _explain(run, suspects))
    return Markup('').join(texts) + table.write()


def _row(
    run: Run, suspect: Suspect, picture: Optional[int], knows: bool
) -> List[Cell]:
    row: List[Cell] = [
        picture,
        run.records.classes[suspect.label],
        suspect.sample_id,
        None,
        finite(round(suspect.score, 3)),
        finite(round(suspect.mean_loss, 3)),
        suspect.num_agree,
        f'{suspect.num_agree} of {suspect.num_epochs}',
        _draw_bars(suspect.losses),
        ' '.join(f'{loss:.2f}' for loss in suspect.losses),
    ]
    return [*row, WORDS[suspect.right]] if knows else row


def _draw_bars(losses: Sequence[float]) -> str:
    """Draw losses as bars of letters; a blank where there is none."""
    highest = max((x for x in losses if not math.isnan(x)), default=0) or 1
    return ''.join(
        ' '
        if math.isnan(loss)
        else BARS[min(len(BARS) - 1, int(len(BARS) * loss / highest))]
        for loss in losses
    )


def _explain(run: Run, suspects: Sequence[Suspect]) -> List[str]:
    num = min(len(suspects), run.options.num_suspect_pictures)
    texts = [
        f'{len(suspects):,} unobserved labels, the surest first; the first '
        f'{num:,} have a picture. Score: log-odds of being present, as the '
        'losses have it, no probability. Answers by mouse or keyboard (y, n) '
        'stay in this browser: save them. tools/analysis/clean_up.py '
        '--answers reads the file and makes observed labels of it.'
    ]
    if run.records.truth is not None and suspects:
        quality = judge_list(run.records, suspects)
        sizes = sorted({min(n, len(suspects)) for n in (100, len(suspects))})
        parts = [
            f'{quality.precision[n - 1]:.1%} of the first {n:,}' for n in sizes
        ]
        texts.append(
            f'Truly present: {", ".join(parts)}; by chance '
            f'{quality.chance:.1%}.'
        )
    return texts
