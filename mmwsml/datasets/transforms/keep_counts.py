"""Hiding all labels of an image but a few of each kind."""

from typing import List, Tuple

import numpy as np

from mmwsml.registry import TRANSFORMS
from mmwsml.structures.checks import check_integer

from .hide_labels import HideLabels, known_labels


@TRANSFORMS.register_module()
class KeepCounts(HideLabels):
    """Keep so many positives and so many negatives of each image.

    An image that has fewer keeps all it has. What is kept of a smaller count
    is also kept of a larger one.

    Required keys: ``sample_id``, ``gt_label``. Optional: ``neg_label``; if it
    is missing, every class not in ``gt_label`` is a negative. Modified:
    ``gt_label``. Added or modified: ``neg_label``.

    Args:
        num_pos (int): Positives kept of an image, at least 0.
        num_neg (int): Negatives kept of an image, at least 0.
        num_classes (int): K. A sample does not say how many classes there
            are, and with them what its negatives are.
        seed (int): Names one draw of the kept labels. Defaults to 0.

    Raises:
        ValueError: If a count is not an integer of at least 0.
    """

    def __init__(
        self, num_pos: int, num_neg: int, num_classes: int, seed: int = 0
    ) -> None:
        for name, count in (('num_pos', num_pos), ('num_neg', num_neg)):
            check_integer(name, count, 0)
        super().__init__(seed)
        self.num_pos = num_pos
        self.num_neg = num_neg
        self.num_classes: int = num_classes

    def keep(self, results: dict) -> Tuple[List[int], List[int]]:
        """Return the labels of the smallest numbers."""
        positives, negatives = known_labels(results, self.num_classes)
        numbers = self.draw(results, self.num_classes)
        return (
            _smallest(positives, numbers, self.num_pos),
            _smallest(negatives, numbers, self.num_neg),
        )


def _smallest(
    classes: np.ndarray, numbers: np.ndarray, count: int
) -> List[int]:
    """List the classes of the ``count`` smallest numbers, in order."""
    order = np.argsort(numbers[classes], kind='stable')
    return np.sort(classes[order[:count]]).tolist()
