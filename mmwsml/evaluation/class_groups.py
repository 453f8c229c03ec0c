"""Groups of classes by how often they are labelled in training."""

from typing import List, Sequence

import numpy as np

from mmwsml.structures.short_value import short_value
from mmwsml.structures.table_file import read_table


def read_class_counts(
    path: str, classes: Sequence[str], num_classes: int
) -> np.ndarray:
    """Read how many labels each class has in training.

    The file is a CSV with a header and a line a class, in the order of their
    indices: ``positives``, and where they are known ``negatives`` and
    ``name``. The ``class_counts.csv`` of the OpenImages converter is one.

    Args:
        path (str): The file.
        classes (Sequence[str]): Names of the classes, empty if unknown.
        num_classes (int): K.

    Returns:
        ndarray: Positives and negatives together, int64 ``(K,)``.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If its columns, lines or names are wrong.
    """
    rows = [row for _, row in read_table(path, ['positives'])]
    if len(rows) != num_classes:
        raise ValueError(
            f'{path}: must have a line for each of {num_classes} classes, '
            f'below a header, but has {len(rows)}.'
        )
    counts = np.zeros(num_classes, np.int64)
    for index, row in enumerate(rows):
        name = row.get('name')
        if classes and name is not None and name != classes[index]:
            raise ValueError(
                f'{path}: line {index + 2} is of the class {name!r:.200}, but '
                f'the data set has {classes[index]!r} there; use the counts '
                'of its own training set.'
            )
        try:
            numbers = int(row['positives']), int(row.get('negatives') or 0)
            if not 0 <= min(numbers) <= max(numbers) < 2**62:
                raise ValueError('not a count')
            counts[index] = sum(numbers)
        except ValueError as error:
            raise ValueError(
                f'{path}: line {index + 2} must have an integer, a count, in '
                'the column `positives` (and `negatives`), but is '
                f'{short_value(list(row.values()))}.'
            ) from error
    return counts


def group_classes(counts: np.ndarray, num_groups: int) -> List[np.ndarray]:
    """Divide the classes into groups of one size, the rarest first.

    Args:
        counts (ndarray): Of each class, ``(K,)``; equal ones stand in the
            order of their index.
        num_groups (int): From 1 to K; where it does not divide K, the first
            groups are larger by one.

    Returns:
        list[ndarray]: The indices of each group.
    """
    return np.array_split(np.argsort(counts, kind='stable'), num_groups)
