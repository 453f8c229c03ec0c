"""Which columns of a table are classes, and what their cells say."""

import re
from dataclasses import dataclass
from typing import List, Sequence, Tuple

import numpy as np

from mmwsml.structures.short_value import short_value

from .bad_entries import MOST
from .mark_values import BLANK, ODD, MarkValues
from .table import Column, Table
from .tag_cells import find_separator

#: Names of columns, of 0 and 1 at times, that are no class: an index that
#: pandas wrote, or the part of the data that a line belongs to.
OTHERS = re.compile(
    r'|unnamed: \d+|index|fold|split|is_(train|val|valid|test)'
    r'|((?!label|class|categor|tag|target)\w+[ _])?id',
    re.IGNORECASE,
)
#: Names of a column that lists classes instead of being one.
LISTS = re.compile(
    r'(\w+[ _])?(label|class|categor(y|ie)|tag|target|finding)(s|es)?'
    r'([ _]?(ids?|index|names?|labels?|\d+))?',
    re.IGNORECASE,
)


@dataclass(frozen=True)
class MarkColumn:
    """A column that is a class."""

    column: Column
    #: Mark of each of its values.
    marks: np.ndarray


def find_mark_columns(
    table: Table,
    others: Sequence[Column],
    chosen: Sequence[str],
    values: MarkValues,
) -> Tuple[List[MarkColumn], List[str]]:
    """Tell the columns that are classes from those that are none.

    Args:
        table (Table): The table, for messages.
        others (Sequence[Column]): Its columns but for that of the images.
        chosen (Sequence[str]): Those that a person names; none: all that
            hold marks.
        values (MarkValues): Reads the cells.

    Returns:
        tuple[list[MarkColumn], list[str]]: The classes, and a sentence for
        each other column.

    Raises:
        ValueError: If a column may be one or none, or there is no class.
    """
    found, notes, lists = [], [], []
    for column in others:
        marks = values.read(column.values)
        reason = _find_reason(column, marks, chosen)
        if not reason:
            _judge(table, column, marks)
            found.append(MarkColumn(column, marks))
        elif column.name or any(column.values):
            notes.append(f'The column {column.name!r} is left out: {reason}.')
            lists += [column] if _may_list_classes(column) else []
    has_mark = any((item.marks != BLANK).any() for item in found)
    if not found or not (chosen or has_mark):
        _refuse(table, others, chosen)
    if not chosen:
        _ask_what_it_is(table, [item.column for item in found], lists)
    return found, notes


def _find_reason(
    column: Column, marks: np.ndarray, chosen: Sequence[str]
) -> str:
    """Say why a column is no class; '' if it may be one."""
    if chosen:
        return '' if column.name in chosen else 'it is not among --classes'
    if OTHERS.fullmatch(column.name):
        return 'by its name it is no class'
    counts = column.counts()
    num_filled = counts[marks != BLANK].sum()
    num_odd = counts[marks == ODD].sum()
    if num_odd * 2 > num_filled:
        return f'its values are no marks, such as {_show(column, marks)}'
    return ''


def _may_list_classes(column: Column) -> bool:
    is_list = any(value[:1] in ('[', '{') for value in column.values)
    return is_list or bool(LISTS.fullmatch(column.name))


def _show(column: Column, marks: np.ndarray) -> str:
    odd = [x for x, mark in zip(column.values, marks) if mark == ODD]
    return ', '.join(f'{value!r:.40}' for value in odd[:5])


def _judge(table: Table, column: Column, marks: np.ndarray) -> None:
    """Refuse a column that is not one of marks."""
    num_odd = column.counts()[marks == ODD].sum()
    if num_odd * MOST <= len(column.codes):
        return
    hint = ''
    if LISTS.fullmatch(column.name):
        hint = f' If it names classes: --tags {column.name!r}.'
    raise ValueError(
        f'{table.path}: the column {column.name!r:.200} holds something else '
        'than 1 (present), 0 (absent) or nothing (unknown) in '
        f'{num_odd} of {len(column.codes)} {table.unit}s: '
        f'{_show(column, marks)}. If it is a class, say what they mean with '
        '--present, --absent and --unknown, such as --present 1,2,3; if it '
        f'is none, name the classes with --classes.{hint}'
    )


def _ask_what_it_is(
    table: Table, found: Sequence[Column], lists: Sequence[Column]
) -> None:
    """Refuse a table that can be read in two ways.

    Raises:
        ValueError: If another column may name the classes, or the only class
            may be numbers of classes.
    """
    names = ','.join(column.name for column in found)
    if lists:
        raise ValueError(
            f'{table.path}: does the column {lists[0].name!r} name the '
            f'classes ({", ".join(map(repr, lists[0].values[:3])):.100}), or '
            f'is each of {names:.200} a class? Say it: --tags '
            f'{lists[0].name!r}, or --classes {names!r:.200}.'
        )
    if len(found) == 1 and LISTS.fullmatch(found[0].name):
        raise ValueError(
            f'{table.path}: the only column, {names!r}, is not named by a '
            'class: does it hold the numbers of classes '
            f'({short_value(found[0].values)}), or whether a single one is '
            f'present? Numbers or names: --tags {names!r}. A class: '
            f'--classes {names!r}, or rename it.'
        )


def _refuse(
    table: Table, others: Sequence[Column], chosen: Sequence[str]
) -> None:
    """Say what a table without a class has instead."""
    if chosen:
        raise ValueError(
            f'{table.path}: --classes names none of its columns: '
            f'{short_value([column.name for column in others])}; write the '
            'names as they are there.'
        )
    shown = '; '.join(
        f'{column.name!r:.60}: '
        + ', '.join(f'{value!r:.40}' for value in column.values[:3])
        for column in others[:12]
    )
    lists = [column for column in others if LISTS.fullmatch(column.name)]
    hint = ''
    if lists:
        separator, _ = find_separator(lists[0].values)
        hint = f', here --tags {lists[0].name!r}'
        hint += f' --tag-separator {separator!r}' if separator else ''
    raise ValueError(
        f'{table.path}: no column holds marks, 1 (present), 0 (absent) or '
        f'nothing (unknown). It has {shown or "no column but the images"}. '
        'If other values are marks, name them with --present, --absent and '
        '--unknown. If a column lists the names of classes, name it with '
        f'--tags{hint}.'
    )
