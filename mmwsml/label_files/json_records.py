"""Labels in a list of JSON objects, one an image."""

import re
from dataclasses import replace
from typing import Any, List, Optional, Sequence, Tuple

from mmwsml.label_files.read_options import ReadOptions, read_names
from mmwsml.structures.short_value import short_value

from .bad_entries import BadEntries
from .crops import cut_crops
from .grouped_records import group_records
from .groups import add_groups
from .image_column import find_image_column
from .json_keys import Records, find_name_keys, flatten
from .marked_labels import MarkedLabels, collect
from .named_labels import Source
from .table import Column, Table
from .table_labels import read_table_labels
from .table_reader import records_table
from .tag_cells import name_numbers, split_cells

#: A list of 0 and 1 alone, as text.
ROW = re.compile(r'\[[01](, [01])+\]')


def read_records(
    path: str,
    records: Records,
    options: ReadOptions,
    bad: BadEntries,
    unit: str = 'record',
    places: Optional[Sequence[str]] = None,
) -> MarkedLabels:
    """Read objects whose lists name the classes, or with a key a class.

    Args:
        path (str): The file, for messages.
        records (Records): One or several of each image.
        options (ReadOptions): ``positive_key`` and ``negative_key``, also of
            an inner object (``shapes.label``); without them the only key
            that lists names counts. ``tags`` and the rest as in a table.
        bad (BadEntries): Takes the records that break a rule.
        unit (str): What is numbered. Defaults to 'record'.
        places (Sequence[str], optional): Where each record stands. Defaults
            to None, the path and its number.

    Raises:
        ValueError: If they do not tell images or classes.
    """
    try:
        return _read(path, records, options, bad, unit, places)
    except RecursionError:
        raise ValueError(
            f'{path}: its lists are nested too deeply; make the file anew.'
        ) from None


def _read(
    path: str,
    records: Records,
    options: ReadOptions,
    bad: BadEntries,
    unit: str,
    places: Optional[Sequence[str]],
) -> MarkedLabels:
    options, guessed = _choose_keys(path, records, options)
    keys = [options.positive_key, options.negative_key]
    keys += [options.image_column, options.group]
    inner = [key for key in keys if key and '.' in key]
    table = records_table(path, flatten(records, inner), bad, unit)
    if not (options.positive_key or options.negative_key):
        return read_table_labels(table, options, bad)
    column = find_image_column(table, options.image_column)
    present = _read_names(table, options.positive_key, options)
    absent = _read_names(table, options.negative_key, options)
    notes = list(guessed)
    places = places or [table.place(n) for n in range(len(records))]
    values = [record.get(column.name) for _, record in records]
    cells = column.cells()
    rows = list(zip(places, values, cells, zip(present, absent)))
    if options.crop_key:
        boxes = [record.get(options.crop_key) for _, record in records]
        cells = cut_crops(list(zip(places, cells, boxes)), options, bad)
        rows = [
            (place, value, crop, lists)
            for (place, value, _, lists), crop in zip(rows, cells)
            if crop
        ]
    images = group_records(rows, notes, bad)
    names = read_names(options.names) if options.names else None
    # Whoever lists what is absent does not mean the rest.
    rest = 'unknown' if options.negative_key else None
    marked = collect(Source(names, images, rest, notes), bad)
    if options.crop_key:
        # Crops of one image stay together, unless another group is named.
        key = options.group
        whole = table.column(key, '--group') if key else column
        of = dict(zip(cells, whole.cells()))
        groups = [of[crop] for crop in marked.images]
        return replace(marked, cropped=True, groups=groups)
    return add_groups(marked, table, column, options.group)


def _choose_keys(
    path: str, records: Records, options: ReadOptions
) -> Tuple[ReadOptions, List[str]]:
    """Find the key that lists names, where nobody says which it is.

    Raises:
        ValueError: If several do, or only one of inner objects or of numbers.
    """
    if options.positive_key or options.negative_key or options.tags:
        return options, []
    keys = find_name_keys(records)
    if not keys:  # a key a class, as in a table
        return options, []
    only = keys[0]
    lists = [x.get(only) for _, x in records]
    if len(keys) > 1 or not any(map(_is_of_texts, lists)):
        raise ValueError(
            f'{path}: which key names the classes that are present? It may be '
            f'{short_value(keys)}; say which with --positive-key, and with '
            '--negative-key where the classes are that are absent.'
        )
    note = f'The classes are what the key {only!r} lists.'
    return replace(options, positive_key=only), [note]


def _is_of_texts(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(x, str) for x in value)


def _read_names(
    table: Table, key: Optional[str], options: ReadOptions
) -> List[List[str]]:
    """Return the names of classes in a key, record by record.

    Raises:
        ValueError: If no record has the key, or a value names no classes.
    """
    if key is None:
        return [[] for _ in table.lines]
    column = table.column(key, '--positive-key or --negative-key')
    _refuse_rows(table, column)
    parts = split_cells(table, column, options.tag_separator, False)
    names = read_names(options.names) if options.names else None
    parts = name_numbers(table, parts, names)
    return [parts[code] for code in column.codes.tolist()]


def _refuse_rows(table: Table, column: Column) -> None:
    """Refuse rows of a matrix, which look like lists of numbers."""
    values = [value for value in column.values if value not in ('', '[]')]
    if values and all(ROW.fullmatch(value) for value in values):
        if len({value.count(',') for value in values}) == 1:
            raise ValueError(
                f'{table.place(0)}: each {column.name!r}, such as '
                f'{values[0]:.60}, holds as many 0 and 1: is it a row of '
                'marks, or are these the numbers of the classes that are '
                'present? Write the names of those that are present.'
            )
