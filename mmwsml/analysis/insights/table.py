"""A table of numbers and names, as CSV and as Markdown."""

import io
import math
import re
from typing import Iterable, NamedTuple, Optional, Sequence, Tuple, Union

from mmwsml.structures.spreadsheet import write_spreadsheet

Cell = Union[str, int, float, None]


class Table(NamedTuple):
    """Rows under a head; None and NaN are cells without a value."""

    head: Tuple[str, ...]
    rows: Sequence[Sequence[Cell]]

    def to_csv(self) -> str:
        """Write all numbers in full; a cell without a value is empty."""
        out = io.StringIO()
        rows = [
            ['' if _lacks(cell) else _plain(cell) for cell in row]
            for row in self.rows
        ]
        write_spreadsheet(out, [self.head, *rows])
        return out.getvalue()

    def to_markdown(self) -> str:
        """Write floats with four digits; what lacks a value is ``n/a``."""
        head = [_escape(name) for name in self.head]
        return write_markdown(head, (map(_print, row) for row in self.rows))


def write_markdown(head: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Write a table of cells that are Markdown already."""
    lines = [head, ['---'] * len(head), *rows]
    return ''.join(f'| {" | ".join(line)} |\n' for line in lines)


def percent(share: Optional[float]) -> Optional[float]:
    """Turn a share into percent."""
    return None if share is None else 100 * float(share)


def _lacks(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def _plain(cell: Cell) -> Cell:
    """Print a float of NumPy as Python's."""
    return float(cell) if isinstance(cell, float) else cell


def _print(cell: Cell) -> str:
    if _lacks(cell):
        return 'n/a'
    if isinstance(cell, float):
        return f'{cell:.4g}'
    return _escape(str(cell))


def _escape(text: str) -> str:
    """Keep a name, whatever it holds, one plain cell."""
    text = ' '.join(text.split()).replace('&', '&amp;').replace('<', '&lt;')
    return re.sub(r'([\\`*_{}\[\]|$~])', r'\\\1', text)
