"""The names of classes in the cells of a column."""

import ast
import json
import re
from typing import Any, List, Optional, Sequence, Tuple

from .table import Column, Table, clean_text

SEPARATORS = '|;, '  # a blank last: names hold some
#: A name between quotes, as some write each in a cell of several.
QUOTED = re.compile(r"""^(["'])(.*)\1$""")
NUMBER = re.compile(r'(\d{1,15})(\.0*)?')


def split_cells(
    table: Table, column: Column, separator: Optional[str], is_one_each: bool
) -> List[List[str]]:
    """List the names in each distinct value of a column.

    Args:
        table (Table): The table, for messages.
        column (Column): A value is one name, several with a separator
            between, or a list of JSON or Python.
        separator (str, optional): ' ' for any blanks, '' for one name a cell.
            Defaults to None, a cell is one name if none looks like several.
        is_one_each (bool): Whether no image is in several lines, so that a
            blank may be a separator.

    Raises:
        ValueError: If cells look like several names and no separator is
            given, or a list cannot be read.
    """
    if separator is None:
        _need_separator(table, column, is_one_each)
    return [
        _split(table, column, code, separator or '')
        for code in range(len(column.values))
    ]


def _is_list(value: str) -> bool:
    return value[:1] in ('[', '{', '(')


def _need_separator(table: Table, column: Column, is_one_each: bool) -> None:
    mark, value = find_separator(column.values)
    if mark.strip() or (mark and is_one_each):
        raise ValueError(
            f'{table.path}: does {value!r:.80} in the column '
            f'{column.name!r} name one class or several? Several: '
            f"--tag-separator {mark!r}. One: --tag-separator ''."
        )


def find_separator(values: Sequence[str]) -> Tuple[str, str]:
    """Return what may stand between names, and the first cell with it.

    Args:
        values (Sequence[str]): Those of a column.

    Returns:
        tuple[str, str]: '' and '' if there is none outside of lists.
    """
    plain = [value for value in values if not _is_list(value)]
    found = ((mark, x) for mark in SEPARATORS for x in plain if mark in x)
    return next(found, ('', ''))


def _split(
    table: Table, column: Column, code: int, separator: str
) -> List[str]:
    value = column.values[code]
    try:
        if _is_list(value):
            names = list(map(str, _parse_list(value)))
        elif separator.strip():
            parts = map(str.strip, value.split(separator))
            names = [QUOTED.sub(r'\2', x) for x in parts]
        else:
            names = value.split() if separator else [value]
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        row = int((column.codes == code).argmax())
        raise ValueError(
            f'{table.place(row)}: {value!r:.80} must be a list of names or '
            'numbers, as JSON or Python write it, with commas between; '
            'correct the cell.'
        ) from None
    return [name for name in dict.fromkeys(map(clean_text, names)) if name]


def _parse_list(value: str) -> Sequence[Any]:
    """Read a list, also the only one in an object of JSON."""
    if re.search(r"""['"]\s+['"]""", value):
        raise ValueError  # of NumPy: Python would make one text of two
    try:
        found = json.loads(value)
    except ValueError:
        found = ast.literal_eval(value)
    if isinstance(found, dict):
        lists = [x for x in found.values() if isinstance(x, list)]
        found = lists[0] if len(lists) == 1 else None
    if not isinstance(found, (list, tuple)) or not all(
        isinstance(x, (str, int, float)) for x in found
    ):
        raise ValueError
    return found


def name_numbers(
    table: Table, parts: List[List[str]], names: Optional[Sequence[str]]
) -> List[List[str]]:
    """Write numbers of classes in one way, or by their names.

    Args:
        table (Table): The table, for messages.
        parts (list[list[str]]): Of :func:`split_cells`.
        names (Sequence[str], optional): Those of the numbers, from 0.
            Defaults to None, a number is a name.

    Raises:
        ValueError: If there are names, and a label is none of their numbers.
    """
    found = {name: NUMBER.fullmatch(name) for part in parts for name in part}
    if names is None:
        if not all(found.values()):
            return parts
        new = {name: str(int(x[1])) for name, x in found.items() if x}
    else:
        new = {}
        for name, match in found.items():
            if not match or int(match[1]) >= len(names):
                raise ValueError(
                    f'{table.path}: --names has {len(names)} names, for '
                    f'labels from 0 to {len(names) - 1}, but a label is '
                    f'{name!r:.80}; take the list that the labels were made '
                    'with, or leave --names out if they are names.'
                )
            new[name] = names[int(match[1])]
    return [list(dict.fromkeys(new[x] for x in part)) for part in parts]
