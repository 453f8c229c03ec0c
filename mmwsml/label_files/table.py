"""A table of text in memory, however it was written."""

import re
import unicodedata
from array import array
from typing import Dict, Iterable, Iterator, List, NamedTuple, Sequence, Tuple

import numpy as np

from mmwsml.structures.short_value import short_value

from .bad_entries import BadEntries

#: Letters without width, which editors and web pages leave at the ends.
INVISIBLE = '\u200b\u2060\ufeff'
NUM_ROWS = 4096  # that are numbered at a time


class Column(NamedTuple):
    """A column of N cells, of which many are equal."""

    name: str
    #: Number of the value of each cell, int32 ``(N,)``.
    codes: np.ndarray
    #: The distinct values.
    values: List[str]

    def counts(self) -> np.ndarray:
        """Count the cells of each value."""
        return np.bincount(self.codes, minlength=len(self.values))

    def cells(self) -> List[str]:
        """List the cells one by one."""
        return [self.values[code] for code in self.codes.tolist()]

    def recode(self, values: Sequence[str]) -> 'Column':
        """Give each value another text; equal ones become one."""
        coder = Coder()
        new = np.array([coder[value] for value in values], np.int32)
        codes = new[self.codes] if len(values) else self.codes
        return Column(self.name, codes, list(coder))


class Table(NamedTuple):
    """Columns of one length."""

    path: str
    columns: List[Column]
    #: Number of each row in the file, int64 ``(N,)``.
    lines: np.ndarray
    notes: Sequence[str] = ()
    #: What is numbered: lines of a text, rows of a sheet.
    unit: str = 'line'

    def place(self, row: int) -> str:
        """Name a row in a message."""
        return f'{self.path}, {self.unit} {self.lines[row]}'

    def column(self, name: str, option: str) -> Column:
        """Find a column that an option names.

        Raises:
            ValueError: If there is none.
        """
        names = [column.name for column in self.columns]
        wanted = clean_text(name)
        if wanted not in names:
            raise ValueError(
                f'{self.path}: has no column {name!r}, which {option} names, '
                f'but {short_value(names)}; write it as it is there.'
            )
        return self.columns[names.index(wanted)]


class Coder(Dict[str, int]):
    """Numbers texts as they come."""

    def __missing__(self, text: str) -> int:
        """Give a new text the next number."""
        self[text] = number = len(self)
        return number


def clean_text(text: str) -> str:
    """Write a name in one way: NFC, one blank for any, none at the ends."""
    if text.isascii() and '  ' not in text and '\n' not in text:
        return text.strip()
    text = unicodedata.normalize('NFC', text).strip().strip(INVISIBLE)
    return re.sub(r'\s+', ' ', text).strip()


def build_table(
    path: str,
    head: Sequence[str],
    rows: Iterable[Tuple[int, List[str]]],
    bad: BadEntries,
    unit: str = 'line',
) -> Table:
    """Gather the rows of a file column by column.

    Args:
        path (str): The file, for messages.
        head (Sequence[str]): Names of the columns.
        rows (Iterable[tuple[int, list[str]]]): Numbers and cells.
        bad (BadEntries): Takes rows that are too short or too long.
        unit (str): What is numbered. Defaults to 'line'.

    Raises:
        ValueError: If two columns have one name, or there is no row.
    """
    names = _check_head(path, head)
    cells, lines = _Cells(len(names)), array('q')
    num_rows = 0
    for number, row in rows:
        num_rows += 1
        if len(row) > len(names) and not any(row[len(names) :]):
            del row[len(names) :]
        if len(row) == len(names):
            lines.append(number)
            cells.add(row)
        else:
            bad.add(
                f'{path}, {unit} {number}: must have {len(names)} cells, as '
                f'the first line has, but has {len(row)}'
            )
    bad.judge(num_rows)
    if not lines:
        raise ValueError(
            f'{path}: has a first line, {short_value(list(head))}, but no '
            'image below it; take the whole file.'
        )
    columns = [
        Column(name, codes, values).recode([x.strip() for x in values])
        for name, (codes, values) in zip(names, cells.columns())
    ]
    return Table(path, columns, np.array(lines), unit=unit)


def _check_head(path: str, head: Sequence[str]) -> List[str]:
    """Clean the names of columns; those of no text stay so."""
    names = [clean_text(name) for name in head]
    for name in names:
        if name and names.count(name) > 1:
            where = [n for n, x in enumerate(names, 1) if x == name]
            raise ValueError(
                f'{path}: the columns {where} have one name, {name!r:.200}; '
                'which of them is right? Rename or remove the others.'
            )
    return names


class _Cells:
    """Cells, gathered row by row and numbered column by column."""

    def __init__(self, num_columns: int) -> None:
        self._coders = [Coder() for _ in range(num_columns)]
        self._codes = [array('i') for _ in range(num_columns)]
        self._rows: List[List[str]] = []

    def add(self, row: List[str]) -> None:
        """Take in a row."""
        self._rows.append(row)
        if len(self._rows) == NUM_ROWS:
            self._flush()

    def _flush(self) -> None:
        columns = zip(*self._rows)
        for codes, coder, cells in zip(self._codes, self._coders, columns):
            codes.extend(map(coder.__getitem__, cells))
        self._rows.clear()

    def columns(self) -> Iterator[Tuple[np.ndarray, List[str]]]:
        """Yield the numbers and the values of each column."""
        self._flush()
        for codes, coder in zip(self._codes, self._coders):
            yield np.array(codes, np.int32), list(coder)
