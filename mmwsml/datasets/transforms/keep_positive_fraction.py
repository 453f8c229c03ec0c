"""Hiding each positive with the same probability."""

from typing import List, Tuple

from mmwsml.registry import TRANSFORMS

from .hide_labels import HideLabels, limit_of


@TRANSFORMS.register_module()
class KeepPositiveFraction(HideLabels):
    """Keep each positive with the same probability, and no negative.

    The "75 % and 40 % of the labels left" of the literature on missing
    labels. An image may keep no positive. What is kept at a smaller fraction
    is also kept at a larger one.

    Required keys: ``sample_id``, ``gt_label``. Modified: ``gt_label``. Added
    or modified: ``neg_label`` (empty: nothing is known to be absent).

    Args:
        fraction (float): Probability that a positive stays known, in [0, 1].
        seed (int): Names one draw of the kept labels. Defaults to 0.

    Raises:
        TypeError: If ``fraction`` is not a number.
        ValueError: If ``fraction`` is outside of [0, 1].
    """

    def __init__(self, fraction: float, seed: int = 0) -> None:
        super().__init__(seed)
        self.fraction = fraction
        self._limit = limit_of(fraction)

    def keep(self, results: dict) -> Tuple[List[int], List[int]]:
        """Return the positives whose number is small enough."""
        positives = sorted(map(int, results['gt_label']))
        numbers = self.draw(results, 1 + max(positives, default=0))
        return [c for c in positives if numbers[c] < self._limit], []
