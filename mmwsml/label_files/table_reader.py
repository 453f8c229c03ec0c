"""Reading a table, whatever wrote it."""

import json
import os
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Tuple

from mmwsml.label_files.read_options import ReadOptions, split_names
from mmwsml.label_files.text_lines import read_lines
from mmwsml.structures.json_text import parse_json
from mmwsml.structures.short_value import short_value
from mmwsml.structures.table_rows import read_rows

from .bad_entries import BadEntries
from .image_folder import ENDINGS
from .table import Table, build_table

TEXTS = ('.csv', '.tsv', '.tab', '.txt')
LINES = ('.jsonl', '.ndjson')
SHEETS = ('.xlsx', '.xlsm', '.xls', '.ods')
PARQUET = ('.parquet', '.pq')
#: Endings of the files that :func:`read_table_file` reads.
SUFFIXES = (*TEXTS, *LINES, *SHEETS, *PARQUET)


def read_table_file(path: str, options: ReadOptions, bad: BadEntries) -> Table:
    """Read a table into memory, all cells as text.

    Args:
        path (str): Its ending, one of ``SUFFIXES``, tells the form.
        options (ReadOptions): ``encoding`` and ``columns``.
        bad (BadEntries): Takes the rows that break a rule.

    Raises:
        ImportError: If a package is missing that the form needs.
        ValueError: If the file is no such table.
    """
    suffix = Path(path).suffix.lower()
    if suffix in PARQUET:
        return _read_parquet(path, bad)
    if suffix in SHEETS:
        return _read_sheet(path, options, bad)
    rows = read_rows(path, options.encoding, skip_blanks=True)
    return _with_head(path, rows, options, bad, 'line')


def _with_head(
    path: str,
    rows: Iterator[Tuple[int, List[str]]],
    options: ReadOptions,
    bad: BadEntries,
    unit: str,
) -> Table:
    """Take the names of columns from the first row or from the options."""
    head = split_names(options.columns)
    if not head:
        _, head = next(rows)
        images = [x for x in head if Path(x.strip()).suffix.lower() in ENDINGS]
        if images:
            raise ValueError(
                f'{path}: the first line must name the columns, but holds '
                f'{short_value(head)}; name them with --columns. A column '
                'for each class: --columns image,CLASS,CLASS,... Names or '
                'numbers of classes in one cell: --columns image,labels '
                "--tags labels --tag-separator ' ', and --names FILE for the "
                'names of numbers.'
            )
    return build_table(path, head, rows, bad, unit)


def records_table(
    path: str,
    records: Iterable[Tuple[int, Dict[str, Any]]],
    bad: BadEntries,
    unit: str = 'line',
) -> Table:
    """Make a table of objects of JSON: a key is a column, lists are text.

    Args:
        path (str): The file.
        records (Iterable[tuple[int, dict]]): Line or number, and the object.
        bad (BadEntries): Takes the rows that break a rule.
        unit (str): What is numbered. Defaults to 'line'.
    """
    found = list(records)
    head = list(dict.fromkeys(key for _, record in found for key in record))
    rows = (
        (number, [_to_text(record.get(key)) for key in head])
        for number, record in found
    )
    return build_table(path, head, rows, bad, unit)


def read_objects(path: str) -> Iterator[Tuple[int, Dict[str, Any]]]:
    """Read JSON lines; yield the number of each and its object."""
    for number, line in read_lines(path):
        try:
            record = parse_json(line)
        except ValueError as error:
            record = error
        if not isinstance(record, dict):
            raise ValueError(
                f'{path}, line {number}: must be a JSON object, but got '
                f'{line[:60]!r}; write an object for each image.'
            )
        yield number, record


def _to_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if hasattr(value, 'tolist'):  # of NumPy
        value = value.tolist()
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return '' if value is None or value != value else str(value)  # NaN


def _texts(rows: Iterable[Iterable[Any]]) -> Iterator[List[str]]:
    for row in rows:
        yield list(map(_to_text, row))


def _read_frame(function: str, path: str, **kwargs: Any) -> Any:
    """Read a file with pandas, which not everybody needs."""
    if not os.path.isfile(path):
        raise FileNotFoundError(f'{path}: there is no such file.')
    try:
        import pandas

        return getattr(pandas, function)(path, **kwargs)
    except ImportError as error:
        raise ImportError(
            f'{path}: is read with pandas, openpyxl and pyarrow, but {error}; '
            "pip install 'mmwsml[tables]', or save the table as CSV."
        ) from error
    except Exception as error:  # a damaged file raises almost anything
        raise ValueError(
            f'{path}: cannot be read as a table ({str(error)[:200]}); is it '
            'cut off or another form? Save the table as CSV.'
        ) from error


def _read_parquet(path: str, bad: BadEntries) -> Table:
    frame = _read_frame('read_parquet', path)
    if any(frame.index.names):  # a column that was made the index
        frame = frame.reset_index()
    rows = enumerate(_texts(frame.itertuples(index=False)), 1)
    return build_table(path, list(map(str, frame)), rows, bad, 'row')


def _read_sheet(path: str, options: ReadOptions, bad: BadEntries) -> Table:
    how = dict(sheet_name=None, header=None, dtype=object, na_filter=False)
    sheets = _read_frame('read_excel', path, **how)
    names = [name for name, frame in sheets.items() if len(frame)]
    if not names:
        raise ValueError(f'{path}: has no sheet with a row; fill one.')
    rows = list(_texts(sheets[names[0]].itertuples(index=False)))
    if path.lower().endswith(('.xlsx', '.xlsm')):
        _refuse_formulas(path, names[0], rows)
    numbered = ((n, row) for n, row in enumerate(rows, 1) if any(row))
    table = _with_head(path, numbered, options, bad, 'row')
    if len(names) > 1:
        note = f'{path}: of its sheets the first is read, {names[0]!r}.'
        table = table._replace(notes=[note])
    return table


def _refuse_formulas(path: str, sheet: str, rows: List[List[str]]) -> None:
    """Refuse formulas that no spreadsheet has computed, which read as empty.

    Raises:
        ValueError: If there is one.
    """
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    for cells, row in zip(book[sheet].iter_rows(), rows):
        for cell, text in zip(cells, row):
            if cell.data_type == 'f' and not text:
                raise ValueError(
                    f'{path}, cell {cell.coordinate} of {sheet!r}: holds the '
                    f'formula {str(cell.value)[:60]!r} without a value; open '
                    'the file in a spreadsheet and save it, or paste the '
                    'values.'
                )
