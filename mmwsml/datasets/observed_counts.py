"""How many labels a run sees, counted without reading an image."""

from typing import Dict, List, Optional, Sequence, Tuple, Union

import numpy as np
from torch.utils.data import Dataset

from .infos import iter_observed

#: Labels that are gathered before they are counted.
MOST_WAITING = 10**6


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
    counts = _Counts(dataset, num_classes)
    num_complete = 0
    for info in iter_observed(dataset):
        if 'gt_label' not in info:
            return None
        if 'neg_label' in info:
            counts.add('present', info['gt_label'])
            counts.add('absent', info['neg_label'])
        else:
            counts.add('dense', info['gt_label'])
            num_complete += 1
    present, absent, dense = map(counts.of, ('present', 'absent', 'dense'))
    return present + dense, present + absent + num_complete


class _Counts:
    """Labels of each class, gathered first: NumPy is slow in small steps."""

    def __init__(self, dataset: Dataset, num_classes: int) -> None:
        self.dataset = dataset
        self.num_classes = num_classes
        self._waiting: Dict[str, List[int]] = {}
        self._counts: Dict[str, np.ndarray] = {}

    def add(self, kind: str, labels: Union[int, Sequence[int]]) -> None:
        """Count the labels of an image, each once."""
        if hasattr(labels, 'tolist'):
            labels = labels.tolist()
        waiting = self._waiting.setdefault(kind, [])
        waiting.extend({labels} if isinstance(labels, int) else set(labels))
        if len(waiting) > MOST_WAITING:
            self.of(kind)

    def of(self, kind: str) -> np.ndarray:
        """Return the counts of a kind, int64 ``(K,)``."""
        labels = np.array(self._waiting.pop(kind, []), np.int64)
        if ((labels < 0) | (labels >= self.num_classes)).any():
            raise _outside(self.dataset, self.num_classes)
        found = np.bincount(labels, minlength=self.num_classes)
        self._counts[kind] = self._counts.get(kind, 0) + found
        return self._counts[kind]


def _outside(dataset: Dataset, num_classes: int) -> ValueError:
    """Look for the image that has a label of no class."""
    for info in iter_observed(dataset):
        labels = [*np.ravel(info['gt_label']), *info.get('neg_label', ())]
        wrong = [k for k in labels if not 0 <= k < num_classes]
        if wrong:
            break
    return ValueError(
        f'{info.get("img_path", "An image")} has the label {wrong[0]}, but a '
        f'label must be in [0, {num_classes}), the indices of the classes.'
    )
