"""Scores of single labels, as they are kept."""

from typing import Sequence

import numpy as np

#: The score of one (image, class), 14 bytes. ``dense``: it also lies in the
#: row of an image with complete labels.
ENTRY = np.dtype(
    [
        ('image', '<i4'),
        ('class', '<i4'),
        ('score', '<f4'),
        ('positive', '?'),
        ('dense', '?'),
    ]
)


def pick_entries(
    scores: np.ndarray, lists: Sequence[np.ndarray]
) -> np.ndarray:
    """Pick the scores of the listed classes of each image.

    Raises:
        ValueError: If a class is outside [0, K).
    """
    num_classes = scores.shape[1]
    images = np.repeat(np.arange(len(lists)), [len(row) for row in lists])
    classes = np.concatenate([np.empty(0, int), *lists]).astype(int)
    wrong = (classes < 0) | (classes >= num_classes)
    if wrong.any():
        raise ValueError(
            f'The class {classes[wrong][0]} of a label must be in '
            f'[0, {num_classes}), the classes that the model predicts: check '
            '`num_classes` of the config and the labels of the data set.'
        )
    codes = np.unique(images * num_classes + classes)  # each label once
    entries = np.zeros(len(codes), ENTRY)
    entries['image'], entries['class'] = np.divmod(codes, num_classes)
    entries['score'] = scores[entries['image'], entries['class']]
    return entries
