"""How many labels a run sees, counted without reading an image."""

from typing import Optional, Tuple

import numpy as np
from torch.utils.data import Dataset

from .infos import iter_observed

#: Row of the counts, and what it counts of partial labels.
ENTRIES = ((0, 'gt_label'), (1, 'neg_label'))


def has_negative(dataset: Dataset) -> bool:
    """Whether training sees a known negative of any image.

    Looks at the labels image by image, up to the first that has one. Labels
    that are complete have some.
    """
    return any(
        'neg_label' not in info or len(info['neg_label'])
        for info in iter_observed(dataset)
    )


def has_unobserved(dataset: Dataset, num_classes: int) -> bool:
    """Whether training does not see some label of any of K classes.

    Looks at the labels image by image, up to the first that lacks one.
    """
    return any(
        'neg_label' in info
        and len(info['gt_label']) + len(info['neg_label']) < num_classes
        for info in iter_observed(dataset)
    )


def count_observed(
    dataset: Dataset, num_classes: int
) -> Optional[Tuple[np.ndarray, np.ndarray]]:
    """Count the labels that the pipeline leaves, without an image.

    Args:
        dataset (Dataset): In any wrappers.
        num_classes (int): K.

    Returns:
        tuple[ndarray, ndarray] | None: Observed positives and observed labels
        of each class, int64 ``(K,)``; None where an image has no list of
        labels.

    Raises:
        ValueError: If a label is none of the classes.
    """
    # Of partial labels: present, absent; of complete ones: present.
    counts = np.zeros((3, num_classes), np.int64)
    num_complete = 0
    for info in iter_observed(dataset):
        if 'gt_label' not in info:
            return None
        complete = 'neg_label' not in info
        num_complete += complete
        kinds = ((2, 'gt_label'),) if complete else ENTRIES
        for row, name in kinds:
            labels = np.array(info[name], np.int64).reshape(-1)
            if len(labels):
                _refuse_outside(labels, num_classes, info)
                counts[row, labels] += 1
    present, absent, dense = counts
    return present + dense, present + absent + num_complete


def _refuse_outside(labels: np.ndarray, num_classes: int, info: dict) -> None:
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ValueError(
            f'{info.get("img_path", "An image")} has the labels '
            f'{labels.tolist()}, but a label must be in [0, {num_classes}), '
            'the indices of the classes.'
        )
