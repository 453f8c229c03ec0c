"""The rows of a benchmark as Markdown and as CSV."""

import csv
import io
from typing import Dict, List, Optional, Sequence

from mmwsml.analysis.insights.table import write_markdown

from .collect import Row, Spread, split_groups
from .doubts import tell_doubts
from .presets import FIVE

HEAD = (
    'method',
    'labels',
    'seeds',
    'test, best epoch',
    'validation, best epoch',
    'validation, last epoch',
    'best epochs',
    'gap closed, %',
)
SPEED = ('images/s',)
PRINTED = ('published', 'difference')
PRINTED_NOTE = (
    'Published: test mAP in the paper; difference: ours minus that.\n'
)
NOTE = (
    'mAP in percent, mean ± sample standard deviation over the seeds; the '
    'epoch is\nchosen on validation. Gap closed: (method - AN) / (full - AN), '
    'seed by seed.'
)

PARTIAL_NOTE = (
    'Most images have positives alone, so that these columns are no mAP '
    '({}):\nthey tell methods apart where labels were observed at random, '
    'and compare with\nno other table.\n'
)
LEFT_OUT_NOTE = (
    'classes, which have no labels of both\nkinds; the log of a run names '
    'them.\n'
)


def to_markdown(
    rows: Sequence[Row], missing: Sequence[str], command: str
) -> str:
    """Write a table for each backbone and data set.

    Where something is varied, a table of the test mAP by it stands above.

    Args:
        rows (Sequence[Row]): Group by group.
        missing (Sequence[str]): What to say of each run without a result.
        command (str): What makes the table.

    Returns:
        str: Markdown.
    """
    parts = [f'Made by `{command}`.\n\n{NOTE}\n']
    for part in split_groups(rows):
        printed = any(row.published is not None for row in part)
        tables = [f'{PRINTED_NOTE}\n' * printed + group_table(part)]
        if any(row.setting.axis for row in part):
            tables.insert(0, varied_table(part))
        left_out = sorted({row.left_out for row in part} - {0})
        partial = sorted({name for row in part for name in row.partial})
        if partial:
            tables.append(PARTIAL_NOTE.format(', '.join(partial)))
            tables += tell_doubts(part)
        if left_out:
            number = ' or '.join(map(str, left_out))
            tables.append(f'The test mAP leaves out {number} {LEFT_OUT_NOTE}')
        parts.append(
            f'{" on ".join(part[0].setting.group)}:\n\n' + '\n'.join(tables)
        )
    if missing:
        lines = ''.join(f'- {line}\n' for line in missing)
        parts.append(f'Without a result:\n\n{lines}')
    return '\n'.join(parts)


def group_table(rows: Sequence[Row]) -> str:
    """Write all of each row of one backbone and data set."""
    timed = any(row.speed for row in rows)
    printed = any(row.published is not None for row in rows)
    lines = [
        _cells(row)
        + [format_spread(row.speed)] * timed
        + _printed(row) * printed
        for row in rows
    ]
    return write_markdown(HEAD + SPEED * timed + PRINTED * printed, lines)


def varied_table(rows: Sequence[Row]) -> str:
    """Write the test mAP of each method by what is varied.

    Args:
        rows (Sequence[Row]): Of one backbone and data set; what is not varied
            stands in the first column.

    Returns:
        str: Markdown.
    """
    cells: Dict[str, Dict[Optional[float], str]] = {}
    for row in rows:
        line = cells.setdefault(row.setting.leaf.method, {})
        line[row.setting.value] = format_spread(row.test)
    varied = [row.setting for row in rows if row.setting.axis]
    columns = sorted({setting.value or 0 for setting in varied})
    (axis,) = {setting.axis for setting in varied}
    fixed: List[Optional[float]] = [None]
    fixed *= any(None in line for line in cells.values())
    head = [f'test mAP, by {axis}', *('not varied' for _ in fixed)]
    methods = [name for name in FIVE if name in cells]
    methods += [name for name in cells if name not in FIVE]
    return write_markdown(
        [*head, *(f'{value:g} %' for value in columns)],
        [
            [
                name,
                *(cells[name].get(value, '') for value in (*fixed, *columns)),
            ]
            for name in methods
        ],
    )


def format_spread(value: Optional[Spread]) -> str:
    """Write mean ± deviation with one decimal."""
    if value is None:
        return 'n/a'
    if value.std is None:
        return f'{value.mean:.1f}'
    return f'{value.mean:.1f} ± {value.std:.1f}'


def _cells(row: Row) -> List[str]:
    gap = format_spread(row.gap)
    if row.gap and row.gap.num < len(row.seeds):
        gap += f' ({row.gap.num} of {len(row.seeds)} seeds)'
    return [
        row.setting.label,
        row.setting.leaf.labels,
        ', '.join(map(str, row.seeds)),
        *map(format_spread, (row.test, row.best, row.last)),
        ', '.join(map(str, row.best_steps)),
        gap,
    ]


def _printed(row: Row) -> List[str]:
    if row.published is None:
        return ['n/a', 'n/a']
    return [f'{row.published:.1f}', f'{row.difference:+.1f}']


def to_csv(rows: Sequence[Row]) -> str:
    """Write all numbers in full, one line a setting; blank: not available."""
    out = io.StringIO()
    spreads = ('test', 'val_best', 'val_last', 'gap_closed', 'images_per_s')
    head = ['backbone', 'dataset', 'method', 'variant', 'labels', 'config']
    head += ['seeds', 'best_epochs']
    head += [f'{name}_{part}' for name in spreads for part in ('mean', 'std')]
    head.append('published')
    writer = csv.writer(out, lineterminator='\n')
    writer.writerow(head)
    for row in rows:
        leaf = row.setting.leaf
        values: List[object] = [*row.setting.group, leaf.method]
        values += [row.setting.variant, leaf.labels, leaf.path.stem]
        values += [' '.join(map(str, v)) for v in (row.seeds, row.best_steps)]
        for value in (row.test, row.best, row.last, row.gap, row.speed):
            values += value[:2] if value else [None, None]
        values.append(row.published)
        writer.writerow(values)
    return out.getvalue()
