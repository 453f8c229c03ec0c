"""Tables of ours, and of what a person answered in them."""

from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Tuple, Union

from .short_value import short_value
from .table_rows import read_rows


def read_table(
    path: Union[str, Path], columns: Sequence[str]
) -> Iterator[Tuple[int, Dict[str, str]]]:
    """Read a CSV whose first line names its columns.

    Args:
        path (str | Path): The file, as :func:`read_rows` reads it.
        columns (Sequence[str]): Those that it must have; it may have others.

    Yields:
        tuple[int, dict[str, str]]: Number of the line where a row starts,
        from 1, and its cells by column, '' where the row is too short.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If a column is missing or there twice, a row has more
            cells than there are columns, or the file is no CSV in UTF-8.
    """
    rows = read_rows(path)
    _, head = next(rows, (1, []))
    names = _check_head(path, head, columns)
    for number, cells in rows:
        _check_length(f'{path}, line {number}', cells, names)
        cells += [''] * (len(names) - len(cells))
        yield number, dict(zip(names, cells))


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
