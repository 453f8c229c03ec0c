"""Rows of a table that a person filled, whatever program saved it."""

from pathlib import Path
from typing import Dict, Iterator, Sequence, Tuple, Union

from mmwsml.label_files.read_options import ReadOptions
from mmwsml.structures.spreadsheet import read_cell
from mmwsml.structures.table_file import read_table

from .bad_entries import BadEntries
from .table_reader import TEXTS, read_table_file


def read_named_rows(
    path: Union[str, Path], columns: Sequence[str]
) -> Iterator[Tuple[str, Dict[str, str]]]:
    """Read some columns of a table.

    Args:
        path (str | Path): CSV with commas, semicolons or tabs, an Excel
            sheet, Parquet or JSON lines.
        columns (Sequence[str]): Those that it must have; others are not read.

    Yields:
        tuple[str, dict[str, str]]: File and line of a row, for a message, and
        its cells by column, without the apostrophe of
        :func:`mmwsml.structures.spreadsheet.write_spreadsheet`.

    Raises:
        FileNotFoundError: If there is no such file.
        ImportError: If a package is missing that the form needs.
        ValueError: If it is no table, or a column is missing.
    """
    suffix = Path(path).suffix.lower()
    if suffix in TEXTS or suffix == '':
        found = _read_text(path, columns)
    else:
        found = _read_others(str(path), columns)
    for place, row in found:
        yield place, {name: read_cell(row[name] or '') for name in columns}


def _read_text(
    path: Union[str, Path], columns: Sequence[str]
) -> Iterator[Tuple[str, Dict[str, str]]]:
    for number, row in read_table(path, columns):
        yield f'{path}, line {number}', row


def _read_others(
    path: str, columns: Sequence[str]
) -> Iterator[Tuple[str, Dict[str, str]]]:
    table = read_table_file(path, ReadOptions(), BadEntries())
    cells = {column.name: column for column in table.columns}
    missing = [name for name in columns if name not in cells]
    if missing:
        raise ValueError(
            f'{path}: the column {missing[0]!r} is missing; the first row '
            f'must name each of {", ".join(columns)} once.'
        )
    lists = [cells[name].cells() for name in columns]
    for row, texts in enumerate(zip(*lists)):
        yield table.place(row), dict(zip(columns, texts))
