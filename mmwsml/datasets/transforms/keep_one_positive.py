"""Hiding all labels of an image but one."""

from bisect import bisect_right
from itertools import accumulate
from typing import List, Sequence, Tuple

from mmwsml.registry import TRANSFORMS
from mmwsml.structures import hash64

from .hide_labels import HideLabels


@TRANSFORMS.register_module()
class KeepOnePositive(HideLabels):
    """Hide every label of an image except one of its positives.

    The kept class is a hash of ``seed`` and ``sample_id``: the same in every
    epoch, worker, rank and NumPy version. An image without a positive keeps
    none; no negative stays known (``neg_label`` is empty).

    Required keys: ``sample_id``, ``gt_label``. Modified: ``gt_label``. Added
    or modified: ``neg_label``.

    Args:
        seed (int): Names one draw of the kept labels. Defaults to 0.
    """

    def keep(self, results: dict) -> Tuple[List[int], List[int]]:
        """Return the kept class."""
        positives = sorted(map(int, results['gt_label']))
        if not positives:
            return [], []
        last = list(accumulate(self.weigh(results, positives)))
        draw = hash64(f'{self.seed}/{results["sample_id"]}') % last[-1]
        return [positives[bisect_right(last, draw)]], []

    def weigh(self, results: dict, positives: Sequence[int]) -> List[int]:
        """Return how likely each positive is kept, relative to the others.

        Integers, so that the draw is exact; at least one is above zero.
        """
        return [1] * len(positives)
