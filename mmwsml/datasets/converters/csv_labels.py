"""Labels in a CSV: a line an image, a column a class."""

import csv
from typing import Iterator, List, Sequence, Tuple

from mmwsml.datasets.text_lines import read_lines

from .bad_entries import BadEntries
from .named_labels import NamedLabels, Source


def read_csv(path: str, bad: BadEntries) -> Source:
    """Read ``image,<class>,<class>,...`` with 1, 0 or nothing in a cell.

    Args:
        path (str): The file. 1: present; 0: absent; empty: unknown.
        bad (BadEntries): Takes the lines that break a rule.

    Returns:
        Source: The classes of the header, and the images.

    Raises:
        ValueError: If the header names no or two equal classes.
    """
    lines = list(read_lines(path))
    rows = csv.reader(text for _, text in lines)
    first, *classes = (cell.strip() for cell in next(rows))
    distinct = len(set(classes)) == len(classes) > 0 and all(classes)
    if first != 'image' or not distinct:
        raise ValueError(
            f'{path}, line {lines[0][0]}: must be `image` and a column for '
            f'each class, with distinct names, but got {lines[0][1]!r}; '
            'correct the header.'
        )
    numbered = zip((number for number, _ in lines[1:]), rows)
    return Source(classes, _read_rows(path, classes, numbered, bad))


def _read_rows(
    path: str,
    classes: Sequence[str],
    rows: Iterator[Tuple[int, List[str]]],
    bad: BadEntries,
) -> Iterator[NamedLabels]:
    for number, row in rows:
        place = f'{path}, line {number}'
        name, *cells = (cell.strip() for cell in row)
        odd = [cell for cell in cells if cell not in ('1', '0', '')]
        if len(cells) != len(classes):
            bad.add(
                f'{place}: must have {1 + len(classes)} cells, as the header '
                f'has, but has {len(row)}'
            )
        elif odd:
            bad.add(
                f'{place}: a cell must be 1, 0 or empty, but is {odd[0]!r}'
            )
        else:
            known = {
                value: [c for c, cell in zip(classes, cells) if cell == value]
                for value in '10'
            }
            yield NamedLabels(place, name, known['1'], known['0'])
