"""Labels in a CSV: a line an image, a column a class."""

import re
from typing import Dict, Iterator, List, Optional, Sequence

from mmwsml.label_files.csv_rows import Row, read_rows
from mmwsml.structures.short_value import short_value

from .bad_entries import MOST, NUM_VALUES, BadEntries, list_values
from .named_labels import NamedLabels, Source

MARKS = ('1', '0', '')
#: Names of columns, of 0 and 1 at times, that are no class: an index that
#: pandas wrote, or the part of the data that a line belongs to.
OTHERS = re.compile(
    r'unnamed: \d+|fold|split|is_(train|val|valid|test)', re.IGNORECASE
)
#: Names of a column that lists classes instead of being one.
LISTS = re.compile(
    r'(label|class|categor(y|ie)|tag|target)(s|es)?([ _]?(id|index|name))?',
    re.IGNORECASE,
)


class _Column:
    """What the cells of a class are."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.num_filled = self.num_odd = 0
        self.values: Dict[str, None] = {}

    def take(self, cell: str) -> bool:
        """Take in a cell; return whether it is a mark."""
        if len(self.values) <= NUM_VALUES:
            self.values[f'{cell!r:.60}'] = None
        is_odd = cell not in MARKS
        self.num_filled += cell != ''
        self.num_odd += is_odd
        return not is_odd


def read_csv(path: str, bad: BadEntries) -> Source:
    """Read ``image,<class>,<class>,...`` with 1, 0 or nothing in a cell.

    Args:
        path (str): The file. 1: present; 0: absent; empty: unknown.
        bad (BadEntries): Takes the lines that break a rule.

    Returns:
        Source: The classes of the header, and the images. Columns that are
        no class by their names are left out.

    Raises:
        ValueError: If the header names no or two equal classes, a quote is
            not closed, or a column is none of marks: it holds nothing else
            but other values, or other values in more than a tenth of the
            lines.
    """
    rows = read_rows(path)
    header = next(rows)
    first, *classes = (cell.strip() for cell in header.cells)
    distinct = len(set(classes)) == len(classes) > 0 and all(classes)
    if first != 'image' or not distinct:
        raise ValueError(
            f'{path}, line {header.start}: must be `image` and a column for '
            'each class, with distinct names, but got '
            f'{short_value(header.cells)}; correct the header.'
        )
    kept = [name for name in classes if not OTHERS.fullmatch(name)]
    if not kept:
        raise ValueError(
            f'{path}: has no column of a class, but {short_value(classes)}; '
            'add a column for each class.'
        )
    notes = [
        f'{path}: the column {name!r} is left out: by its name it is no class.'
        for name in classes
        if name not in kept
    ]
    return Source(kept, _read_rows(path, classes, rows, bad), notes)


def _read_rows(
    path: str, names: Sequence[str], rows: Iterator[Row], bad: BadEntries
) -> Iterator[NamedLabels]:
    columns = [
        None if OTHERS.fullmatch(name) else _Column(name) for name in names
    ]
    num_rows = 0
    for row in rows:
        num_rows += 1
        labels = _read_row(path, row, columns, bad)
        if labels is not None:
            yield labels
    kept = [column for column in columns if column is not None]
    for column in kept:
        _judge(path, column, num_rows)
    if len(kept) == 1 and LISTS.fullmatch(kept[0].name):
        raise ValueError(
            f'{path}: the only column, {kept[0].name!r}, is not named by a '
            f'class: does it hold the numbers of classes '
            f'({list_values(kept[0].values)}), or whether a single one is '
            'present? Write a column for each class, with its name.'
        )
    bad.judge(num_rows)


def _read_row(
    path: str,
    row: Row,
    columns: Sequence[Optional[_Column]],
    bad: BadEntries,
) -> Optional[NamedLabels]:
    if row.end > row.start:
        raise ValueError(
            f'{path}, line {row.start}: a quote (") that is opened there is '
            f'closed in line {row.end}: the lines between are no cell; remove '
            'it, or double one that is meant as a letter.'
        )
    place = f'{path}, line {row.start}'
    name, *cells = (cell.strip() for cell in row.cells)
    if len(cells) != len(columns):
        bad.add(
            f'{place}: must have {1 + len(columns)} cells, as the header '
            f'has, but has {len(row.cells)}'
        )
        return None
    pairs = [(x, cell) for x, cell in zip(columns, cells) if x is not None]
    are_marks = [column.take(cell) for column, cell in pairs]
    if not all(are_marks):
        odd = pairs[are_marks.index(False)][1]
        bad.add(f'{place}: a cell must be 1, 0 or empty, but is {odd!r}', odd)
        return None
    known: Dict[str, List[str]] = {mark: [] for mark in MARKS}
    for column, cell in pairs:
        known[cell].append(column.name)
    return NamedLabels(place, name, known['1'], known['0'])


def _judge(path: str, column: _Column, num_rows: int) -> None:
    """Refuse a column that is not one of marks."""
    is_all = 0 < column.num_odd == column.num_filled
    if is_all or column.num_odd * MOST > num_rows:
        raise ValueError(
            f'{path}: the column {column.name!r:.200} holds something else '
            f'than 1 (present), 0 (absent) or nothing (unknown) in '
            f'{column.num_odd} of {num_rows} lines: '
            f'{list_values(column.values)}. If it is no class, leave it out; '
            'else write 1, 0 or nothing in each cell.'
        )
