"""Tables that a person or a spreadsheet wrote, read with line numbers."""

import csv
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Tuple, Union

from .short_value import short_value


def read_table(
    path: Union[str, Path], columns: Sequence[str]
) -> Iterator[Tuple[int, Dict[str, str]]]:
    """Read a CSV whose first line names its columns.

    Args:
        path (str | Path): The file, in UTF-8.
        columns (Sequence[str]): Those that it must have; it may have others.

    Yields:
        tuple[int, dict[str, str]]: Number of the line where a row starts,
        from 1, and its cells by column, '' where the row is too short.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If a column is missing or there twice, a row has more
            cells than there are columns, or the file is no CSV in UTF-8.
    """
    try:
        # Spreadsheets put a mark of byte order in front.
        with open(path, newline='', encoding='utf-8-sig') as file:
            rows = _read_rows(path, file)
            _, head = next(rows, (1, []))
            names = _check_head(path, head, columns)
            for number, cells in rows:
                _check_length(f'{path}, line {number}', cells, names)
                cells += [''] * (len(names) - len(cells))
                yield number, dict(zip(names, cells))
    except UnicodeDecodeError as error:
        raise ValueError(
            f'{path}: must be UTF-8, but holds the byte '
            f'{error.object[error.start]:#04x}; save the table as UTF-8.'
        ) from error


def _read_rows(
    path: Union[str, Path], file: Iterator[str]
) -> Iterator[Tuple[int, List[str]]]:
    lines = csv.reader(file, strict=True)
    while True:
        start = lines.line_num + 1
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            raise ValueError(
                f'{path}, line {start}: cannot be read as a row of cells, up '
                f'to line {lines.line_num} ({error}); is a quote (") opened '
                'there that nothing closes?'
            ) from error
        if cells:
            yield start, cells


def _check_head(
    path: Union[str, Path], head: List[str], columns: Sequence[str]
) -> List[str]:
    names = [cell.strip() for cell in head]
    for name in columns:
        if names.count(name) != 1:
            fault = 'there twice' if name in names else 'missing'
            raise ValueError(
                f'{path}: the column {name!r} is {fault}; the first line must '
                f'name each of {", ".join(columns)} once.'
            )
    return names


def _check_length(place: str, cells: List[str], names: List[str]) -> None:
    if len(cells) > len(names):
        raise ValueError(
            f'{place}: has {len(cells)} cells, but the first line names '
            f'{len(names)} columns; put a cell with a comma in quotes, '
            f'{short_value(cells[-1])} is one too many.'
        )
