"""What the draws share that look at the boxes of the positives."""

from abc import abstractmethod
from typing import List, Sequence

from .keep_one_positive import KeepOnePositive


class KeepPositiveByBox(KeepOnePositive):
    """Base of the draws of one positive that prefer some boxes to others.

    The weight of a class is the sum over its boxes.

    Required keys: those of :class:`KeepOnePositive`, and ``instances``, dicts
    with ``bbox`` (x1, y1, x2, y2 in px) and ``bbox_label``. They must be those
    of the file: put the transform before any that crops, resizes or flips.
    """

    @abstractmethod
    def weigh_box(self, box: Sequence[float], results: dict) -> int:
        """Return the weight of one box, at least 1."""

    def weigh(self, results: dict, positives: Sequence[int]) -> List[int]:
        """Return the sum of the boxes' weights for each positive.

        Raises:
            ValueError: If a positive has no box, or a box no extent.
        """
        weights = dict.fromkeys(positives, 0)
        for instance in results.get('instances', []):
            box, label = instance['bbox'], instance['bbox_label']
            if not (box[0] <= box[2] and box[1] <= box[3]):
                raise ValueError(
                    f'{results["sample_id"]} has the box {box}, but a `bbox` '
                    'is x1, y1, x2, y2 in px with x1 <= x2 and y1 <= y2: '
                    'correct it in the annotation file.'
                )
            if label in weights:
                weights[label] += self.weigh_box(box, results)
        if not all(weights.values()):
            bare = [label for label in positives if not weights[label]]
            raise ValueError(
                f'{results["sample_id"]} has no box of its class {bare[0]} in '
                f'`instances`, but {type(self).__name__} weighs boxes: use '
                'KeepOnePositive, or a data set with boxes.'
            )
        return list(weights.values())
