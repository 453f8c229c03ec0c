"""Rows of cells of a text file, with the numbers of their lines."""

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from itertools import chain, islice
from pathlib import Path
from typing import (
    Iterator,
    List,
    NoReturn,
    Optional,
    Sequence,
    TextIO,
    Tuple,
    Union,
)

#: What may stand between two cells.
DELIMITERS = ',;\t|'
BOMS = {BOM_UTF8: 'utf-8-sig', BOM_UTF16_LE: 'utf-16', BOM_UTF16_BE: 'utf-16'}

#: Number of the line where a row starts, from 1, and its cells.
Row = Tuple[int, List[str]]


def read_rows(
    path: Union[str, Path],
    encoding: Optional[str] = None,
    skip_blanks: bool = False,
) -> Iterator[Row]:
    """Read a CSV, or a table with semicolons, tabs, bars or blanks.

    Args:
        path (str | Path): The file. What divides its cells is what its first
            lines have most of; blanks, where they have nothing else.
        encoding (str, optional): Of its text. Defaults to None, the one of
            its byte order mark, or UTF-8.
        skip_blanks (bool): Whether blanks in front of a cell are none of it,
            nor keep a quote from being one. Defaults to False.

    Yields:
        tuple[int, list[str]]: The rows, the head among them. Blank ones are
        left out, and comments (``#``) in front of the head.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If there is no row, the text is in another encoding, or a
            quote is opened and not closed, or closed in front of more text.
    """
    encoding = encoding or _guess_encoding(path)
    try:
        # A lone \r ends a line, too: old spreadsheets write no other.
        with open(path, encoding=encoding) as file:
            yield from _read(path, file, skip_blanks)
    except LookupError as error:
        raise ValueError(
            f'{path}: there is no encoding {encoding!r}; name one of Python, '
            'such as utf-8, cp1252, gbk or utf-16.'
        ) from error
    except UnicodeError as error:
        _refuse_encoding(path, encoding, error)


def _guess_encoding(path: Union[str, Path]) -> str:
    try:
        with open(path, 'rb') as file:
            start = file.read(4)
    except OSError as error:
        raise FileNotFoundError(
            f'{path}: {error.strerror}; check the path.'
        ) from error
    found = [name for bom, name in BOMS.items() if start.startswith(bom)]
    return found[0] if found else 'utf-8'


def _refuse_encoding(
    path: Union[str, Path], encoding: str, error: UnicodeError
) -> NoReturn:
    """Name the first line that is no text."""
    with open(path, 'rb') as file:
        for number, line in enumerate(file, 1):
            for part in line.splitlines():
                try:
                    part.decode(encoding)
                except UnicodeDecodeError as fault:
                    raise ValueError(
                        f'{path}, line {number}: the text must be '
                        f'{encoding.upper()}, but holds the byte '
                        f'{part[fault.start]:#04x}; name its encoding with '
                        '--encoding, such as cp1252 or gbk, or save it as '
                        'UTF-8.'
                    ) from error
    raise ValueError(
        f'{path}: cannot be read as {encoding} ({error}); name its encoding '
        'with --encoding.'
    ) from error


def _read(
    path: Union[str, Path], file: TextIO, skip_blanks: bool
) -> Iterator[Row]:
    first = list(islice(file, 100))
    num_comments = 0
    while first[num_comments:] and re.match(
        rf'\s*(#[^{DELIMITERS}]*)?$', first[num_comments]
    ):
        num_comments += 1
    del first[:num_comments]
    rows = csv.reader(
        chain(first, file),
        delimiter=_guess_delimiter(first),
        skipinitialspace=skip_blanks,
        strict=True,
    )
    is_empty = True
    while True:
        start = num_comments + rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            end = num_comments + rows.line_num
            raise ValueError(
                _explain(f'{path}, line {start}', end, error)
            ) from error
        if any(map(str.strip, cells)):
            is_empty = False
            yield start, cells
    if is_empty:
        raise ValueError(f'{path}: has no line with text; make it anew.')


def _explain(place: str, end: int, error: csv.Error) -> str:
    if 'limit' in str(error):
        return (
            f'{place}: a cell is too long to hold labels ({error}); remove '
            'its column.'
        )
    return (
        f'{place}: cannot be read as a row of cells, up to line '
        f'{end} ({error}); is a quote (") opened '
        'there that nothing closes? Close it, or double one that is meant '
        'as a letter.'
    )


def _guess_delimiter(lines: Sequence[str]) -> str:
    """Return what the first line has most of, and the second as often."""
    bare = [re.sub(r'"[^"]*"?', '', line) for line in lines[:2]]
    counts = {x: [line.count(x) for line in bare] for x in DELIMITERS}
    best = max(
        DELIMITERS,
        # The even ones first, of those that are there at all.
        key=lambda x: (any(counts[x]), len(set(counts[x])) == 1, counts[x]),
    )
    return best if any(counts[best]) else ' '
