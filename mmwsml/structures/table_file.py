"""Tables that a person or a spreadsheet wrote, read with line numbers."""

import csv
from pathlib import Path
from typing import Dict, Iterator, Sequence, Tuple, Union

from .short_value import short_value


def read_table(
    path: Union[str, Path], columns: Sequence[str]
) -> Iterator[Tuple[int, Dict[str, str]]]:
    """Read a CSV whose first line names its columns.

    Args:
        path (str | Path): The file, in UTF-8.
        columns (Sequence[str]): Those that it must have; it may have others.

    Yields:
        tuple: Number of the line where a row ends, from 1, and its cells by
        column, '' where the row is too short.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If a column is missing or there twice, a row has more
            cells than there are columns, or the file is no CSV in UTF-8.
    """
    try:
        # Spreadsheets put a mark of byte order in front.
        with open(path, newline='', encoding='utf-8-sig') as file:
            lines = csv.reader(file, strict=True)
            yield from _read_rows(path, columns, lines)
    except UnicodeDecodeError as error:
        raise ValueError(
            f'{path}: must be UTF-8, but holds the byte '
            f'{error.object[error.start]:#04x}; save the table as UTF-8.'
        ) from error
    except csv.Error as error:
        raise ValueError(
            f'{path}, line {lines.line_num}: cannot be read as a row of cells '
            f'({error}); is there a quote (") that nothing closes?'
        ) from error


def _read_rows(
    path: Union[str, Path], columns: Sequence[str], lines: Iterator
) -> Iterator[Tuple[int, Dict[str, str]]]:
    head = next(lines, [])
    for name in columns:
        if head.count(name) != 1:
            fault = 'there twice' if name in head else 'missing'
            raise ValueError(
                f'{path}: the column {name!r} is {fault}; the first line must '
                f'name each of {", ".join(columns)} once.'
            )
    for row in lines:
        if len(row) > len(head):
            raise ValueError(
                f'{path}, line {lines.line_num}: has {len(row)} cells, but '
                f'the first line names {len(head)} columns; put a cell with '
                f'a comma in quotes, {short_value(row[-1])} is one too many.'
            )
        if row:
            cells = [*row, *[''] * (len(head) - len(row))]
            yield lines.line_num, dict(zip(head, cells))
