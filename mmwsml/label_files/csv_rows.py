"""Reading CSV files so that nothing is swallowed."""

import csv
from typing import Iterator, List, NamedTuple

from .text_lines import read_lines


class Row(NamedTuple):
    """A row of a CSV."""

    #: Its first and its last line, from 1: more than one where a cell in
    #: quotes holds line breaks.
    start: int
    end: int
    cells: List[str]


def read_rows(path: str) -> Iterator[Row]:
    """Read a CSV in UTF-8, blank lines left out.

    Args:
        path (str): The file.

    Yields:
        Row: The rows, the header among them.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is empty or not in UTF-8, or a quote is
            opened and not closed, or closed in front of more text.
    """
    taken = [0]

    def take() -> Iterator[str]:
        for number, text in read_lines(path):
            taken.append(number)
            yield f'{text}\n'

    rows = csv.reader(take(), strict=True)
    while True:
        first = len(taken)
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            start = taken[min(first, len(taken) - 1)]
            raise ValueError(
                f'{path}, line {start}: cannot be read as a row of cells, up '
                f'to line {taken[-1]} ({error}); is a quote (") opened there '
                'that nothing closes? Close it, or double one that is meant '
                'as a letter.'
            ) from error
        yield Row(taken[first], taken[-1], cells)
        del taken[:-1]
    if taken == [0]:
        raise ValueError(f'{path}: has no line with text; make it anew.')
