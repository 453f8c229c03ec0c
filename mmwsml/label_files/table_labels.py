"""Labels in a table: a column a class, or the names of classes in one."""

from dataclasses import replace
from typing import Iterator, Sequence, Tuple

import numpy as np

from .bad_entries import BadEntries
from .groups import add_groups
from .image_column import find_image_column
from .mark_columns import MarkColumn, find_mark_columns
from .mark_meanings import need_meanings
from .mark_values import BLANK, ODD, MarkValues
from .marked_labels import NUM_CELLS, MarkedLabels
from .read_options import ReadOptions, split_names
from .table import Column, Table, clean_text
from .tag_labels import read_tags


def read_table_labels(
    table: Table, options: ReadOptions, bad: BadEntries
) -> MarkedLabels:
    """Read the labels of a table.

    Args:
        table (Table): All cells.
        options (ReadOptions): How it is read: with ``tags`` that column names
            the classes, else each column of marks is a class.
        bad (BadEntries): Takes the lines that break a rule.

    Raises:
        ValueError: If it does not tell its images or classes, or a value has
            no meaning that is known.
    """
    image = find_image_column(table, options.image_column)
    if options.tags is not None:
        marked = read_tags(table, image, options, bad)
    else:
        marked = _read_marks(table, image, options, bad)
    marked = add_groups(marked, table, image, options.group)
    guess = []
    if options.image_column is None:
        guess = [f'The images are those of the column {image.name!r}.']
    return replace(marked, notes=(*guess, *table.notes, *marked.notes))


def _read_marks(
    table: Table, image: Column, options: ReadOptions, bad: BadEntries
) -> MarkedLabels:
    values = MarkValues(options)
    chosen = [clean_text(name) for name in split_names(options.classes)]
    others = [column for column in table.columns if column is not image]
    columns, notes = find_mark_columns(table, others, chosen, values)
    need_meanings(table, columns, values)
    good = _find_good_rows(table, columns, bad)
    rows, labels, marks = (
        np.concatenate(parts) for parts in zip(*_flatten(columns, good))
    )
    numbers = good.tolist()
    return MarkedLabels(
        [item.column.name for item in columns],
        [image.values[code] for code in image.codes[good].tolist()],
        rows,
        labels,
        marks,
        'unknown',
        lambda row: table.place(numbers[row]),
        notes=tuple(notes),
    )


def _find_good_rows(
    table: Table, columns: Sequence[MarkColumn], bad: BadEntries
) -> np.ndarray:
    """Return the rows whose cells are all marks."""
    is_bad = np.zeros(len(table.lines), bool)
    for item in columns:
        is_odd = (item.marks == ODD)[item.column.codes]
        for row in np.flatnonzero(is_odd & ~is_bad).tolist():
            value = item.column.values[item.column.codes[row]]
            bad.add(
                f'{table.place(row)}: a cell must be 1, 0 or empty, but that '
                f'of {item.column.name!r} is {value!r}',
                value,
            )
        is_bad |= is_odd
    bad.judge(len(is_bad))
    return np.flatnonzero(~is_bad)


def _flatten(
    columns: Sequence[MarkColumn], good: np.ndarray
) -> Iterator[Tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield images, classes and marks of some rows at a time."""
    step = max(1, NUM_CELLS // len(columns))
    for start in range(0, max(1, len(good)), step):
        part = good[start : start + step]
        dense = np.empty((len(part), len(columns)), np.int8)
        for label, item in enumerate(columns):
            dense[:, label] = item.marks[item.column.codes[part]]
        rows, labels = np.nonzero(dense != BLANK)
        yield (
            (rows + start).astype(np.int32),
            labels.astype(np.int32),
            dense[rows, labels],
        )
