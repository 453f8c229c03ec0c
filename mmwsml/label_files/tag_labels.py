"""Labels in a column of a table that names the classes."""

from dataclasses import replace
from typing import Sequence, Tuple

import numpy as np

from mmwsml.structures.short_value import short_value

from .bad_entries import BadEntries
from .mark_columns import MarkColumn
from .mark_meanings import need_meanings
from .mark_values import BLANK, ODD, MarkValues
from .marked_labels import ABSENT, PRESENT, MarkedLabels, sort_classes
from .read_options import ReadOptions, read_names
from .table import Column, Table, clean_text
from .tag_cells import name_numbers, split_cells


def read_tags(
    table: Table, image: Column, options: ReadOptions, bad: BadEntries
) -> MarkedLabels:
    """Read the names of classes in a column, several in a cell or one a line.

    The lines of one image are grouped.

    Args:
        table (Table): All cells.
        image (Column): Those of the images.
        options (ReadOptions): ``tags``, ``tag_separator``, ``mark_column``
            and ``names``.
        bad (BadEntries): Takes the lines that break a rule.
    """
    table, column = _stack(table, options.tags or '')
    image = table.column(image.name, '--image-column')
    line_marks = _read_line_marks(table, options, bad)
    is_one_each = len(image.values) == len(np.unique(table.lines))
    parts = split_cells(table, column, options.tag_separator, is_one_each)
    names = read_names(options.names) if options.names else None
    parts = name_numbers(table, parts, names)
    classes = names or list(dict.fromkeys(x for part in parts for x in part))
    rows, labels, marks = _flatten(image, column, parts, classes, line_marks)
    lines = np.unique(image.codes, return_index=True)[1].tolist()
    result = MarkedLabels(
        classes,
        list(image.values),
        rows,
        labels,
        marks,
        None,
        lambda row: table.place(lines[row]),
        listed=names is not None,
        notes=_notes(table, image, column, options),
    )
    result = _group(result, bad)
    return result if result.listed else sort_classes(result)


def _stack(table: Table, names: str) -> Tuple[Table, Column]:
    """Find a column, or several, whose cells then are below each other.

    Args:
        table (Table): All cells.
        names (str): Name of a column, or names with commas between.

    Returns:
        tuple[Table, Column]: The table, with its lines as often as there are
        columns, and the column.
    """
    if clean_text(names) in [column.name for column in table.columns]:
        return table, table.column(names, '--tags')
    parts = [table.column(name, '--tags') for name in names.split(',')]
    ends = np.cumsum([len(part.values) for part in parts])
    codes = [x.codes + end - len(x.values) for x, end in zip(parts, ends)]
    joined = Column(
        names,
        np.concatenate(codes),
        [value for part in parts for value in part.values],
    )
    used = [part.name for part in parts]
    others = [
        column._replace(codes=np.tile(column.codes, len(parts)))
        for column in table.columns
        if column.name not in used
    ]
    lines = np.tile(table.lines, len(parts))
    return table._replace(columns=[*others, joined], lines=lines), joined


def _notes(
    table: Table, image: Column, column: Column, options: ReadOptions
) -> Tuple[str, ...]:
    used = (image.name, column.name, options.mark_column)
    others = [x.name for x in table.columns if x.name not in used]
    num_more = len(np.unique(table.lines)) - len(image.values)
    notes = []
    if others:
        notes.append(f'Columns left out: {short_value(others)}.')
    if num_more:
        notes.append(f'{num_more} lines are of an image of an earlier line.')
    return tuple(notes)


def _read_line_marks(
    table: Table, options: ReadOptions, bad: BadEntries
) -> np.ndarray:
    """Return what each line says of the classes that it names."""
    if options.mark_column is None:
        return np.full(len(table.lines), PRESENT, np.int8)
    column = table.column(options.mark_column, '--mark-column')
    values = MarkValues(options)
    marks = values.read(column.values)
    need_meanings(table, [MarkColumn(column, marks)], values)
    result = marks[column.codes]
    for row in np.flatnonzero(result == ODD).tolist():
        value = column.values[column.codes[row]]
        bad.add(
            f'{table.place(row)}: {column.name!r} must be 1, 0 or empty, but '
            f'is {value!r}',
            value,
        )
    bad.judge(len(result))
    result[result == ODD] = BLANK
    return result


def _flatten(
    image: Column,
    column: Column,
    parts: Sequence[Sequence[str]],
    classes: Sequence[str],
    line_marks: np.ndarray,
) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return image, class and mark of each label, line by line."""
    index = {name: label for label, name in enumerate(classes)}
    flat = np.array([index[x] for part in parts for x in part], np.int32)
    lengths = np.array([len(part) for part in parts])
    starts = np.cumsum(lengths) - lengths
    counts = np.where(line_marks == BLANK, 0, lengths[column.codes])
    ends = np.cumsum(counts)
    inner = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
    return (
        np.repeat(image.codes, counts),
        flat[np.repeat(starts[column.codes], counts) + inner],
        np.repeat(line_marks, counts),
    )


def _group(marked: MarkedLabels, bad: BadEntries) -> MarkedLabels:
    """Order the labels by image, once each; leave contradictions out."""
    keys = marked.rows.astype(np.int64) * len(marked.classes) + marked.labels
    order = np.lexsort((marked.marks, keys))
    keys, marks = keys[order], marked.marks[order]
    is_same = keys[1:] == keys[:-1]
    # Ascending, so that the one that is kept, the last, is the best known.
    last = order[np.append(~is_same, np.ones(len(keys[:1]), bool))]
    is_wrong = is_same & (marks[1:] == PRESENT) & (marks[:-1] == ABSENT)
    places = order[1:][is_wrong]
    for place in places.tolist():
        row, label = marked.rows[place], marked.labels[place]
        bad.add(
            f'{marked.place(row)}: the class {marked.classes[label]!r:.200} '
            f'of {marked.images[row]!r:.200} is present in a line and absent '
            'in another'
        )
    bad.judge(len(marked))
    result = replace(
        marked,
        rows=marked.rows[last],
        labels=marked.labels[last],
        marks=marked.marks[last],
    )
    wrong = marked.rows[places]
    if not len(wrong):
        return result
    return result.take(np.setdiff1d(np.arange(len(marked)), wrong))
