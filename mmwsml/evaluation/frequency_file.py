"""The table of how many positives each class is estimated to have."""

from pathlib import Path
from typing import List, Sequence, Union

import numpy as np

from mmwsml.structures.short_value import short_value
from mmwsml.structures.spreadsheet import read_cell, write_spreadsheet
from mmwsml.structures.table_file import read_table
from mmwsml.structures.whole_file import whole_file

from .class_frequency import ClassFrequencies

#: ``share`` is of the images, observed positives and hidden ones.
COLUMNS = 'class', 'observed', 'estimated', 'low', 'high', 'share'


def write_frequencies(
    path: Union[str, Path],
    classes: Sequence[str],
    observed: np.ndarray,
    num_images: int,
    found: ClassFrequencies,
) -> None:
    """Write a line a class, with the columns ``COLUMNS``.

    Args:
        path (str | Path): The file, ``.csv``.
        classes (Sequence[str]): Names of the K classes.
        observed (ndarray): Observed positives, int ``(K,)``.
        num_images (int): N.
        found (ClassFrequencies): Where nothing is known, cells are empty.
    """
    rows: List[Sequence[object]] = [COLUMNS]
    for name, number, count, ends in zip(
        classes, observed, found.number, found.interval
    ):
        cells = [f'{x:.1f}' for x in (count, *ends)]
        cells.append(f'{count / num_images:.6f}')
        if np.isnan(count):
            cells = [''] * 4
        rows.append((name, int(number), *cells))
    with whole_file(path, newline='') as file:
        write_spreadsheet(file, rows)


def read_shares(path: Union[str, Path], classes: Sequence[str]) -> np.ndarray:
    """Read the share of positives of each class.

    Args:
        path (str | Path): As :func:`write_frequencies` writes it; ``class``
            and ``share`` are read, so that a person can write one.
        classes (Sequence[str]): Names of the K classes.

    Returns:
        ndarray: Float64 ``(K,)`` in [0, 1]; NaN where the cell is empty.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If a class is missing or there twice, or a share is not a
            number in [0, 1].
    """
    shares = {}
    for number, row in read_table(path, ('class', 'share')):
        name, text = read_cell(row['class']), row['share'].strip()
        try:
            value = float(text) if text else np.nan
        except ValueError:
            value = -1.0
        if value < 0 or value > 1:
            raise ValueError(
                f'{path}, line {number}: `share` must be the share of the '
                'images that show the class, a number in [0, 1], or empty, '
                f'but is {short_value(text)}.'
            )
        if name in shares:
            raise ValueError(
                f'{path}, line {number}: the class {short_value(name)} stands '
                'there twice; remove one of the lines.'
            )
        shares[name] = value
    missing = [name for name in classes if name not in shares]
    if missing:
        raise ValueError(
            f'{path}: has no line for {len(missing)} of {len(classes)} '
            f'classes, the first {short_value(missing[0])}; estimate them '
            'from a result file of the same classes.'
        )
    return np.array([shares[name] for name in classes])
