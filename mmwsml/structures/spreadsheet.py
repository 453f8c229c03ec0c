"""Tables that people open in a spreadsheet, which must run none of them.

A spreadsheet takes a cell that begins with ``=`` or its like for a formula,
which may run programs and send what other cells hold. Names and paths come
from files of others, so such a text is written with an apostrophe in front.
"""

import csv
import io
import re
from typing import IO, Any, Iterable, Sequence

#: Text that a spreadsheet computes, or that already has an apostrophe.
FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def write_spreadsheet(file: IO[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV; numbers stay numbers, and no text is a formula.

    Args:
        file (TextIO): Opened with ``newline=''``.
        rows (Iterable[Sequence]): The head, and then the others.
    """
    line = io.StringIO(newline='')
    # Of csv's two line ends only this one has a lone \r put in quotes, which
    # would begin a line of its own.
    writer = csv.writer(line, lineterminator='\r\n')
    for row in rows:
        writer.writerow([_guard(cell) for cell in row])
        file.write(f'{line.getvalue()[:-2]}\n')
        line.seek(0)
        line.truncate()


def read_cell(text: str) -> str:
    """Return the text that :func:`write_spreadsheet` wrote as a cell."""
    guarded = text.startswith("'") and FORMULA.match(text)
    return text[1:] if guarded else text


def _guard(cell: Any) -> Any:
    if isinstance(cell, str) and FORMULA.match(cell):
        return f"'{cell}"
    return cell
