"""Hiding each label with the same probability."""

from typing import List, Tuple

from mmwsml.registry import TRANSFORMS

from .hide_labels import HideLabels, known_labels, limit_of


@TRANSFORMS.register_module()
class KeepKnownFraction(HideLabels):
    """Keep each label, positive or negative, with the same probability.

    The "10 to 90 % known labels" of the literature, and the random per sample
    (RPS) simulation of `Multi-label Classification with Partial Annotations
    using Class-aware Selective Loss <https://arxiv.org/abs/2110.10955>`_ (CVPR
    2022), which removes each label with probability ``1 - fraction``. (Its
    other simulation, fixed per class, is a draw over the whole data set:
    ``tools/dataset_converters/observe_labels.py --generator fpc``.) What is
    kept at a smaller fraction is also kept at a larger one.

    Required keys: ``sample_id``, ``gt_label``. Optional: ``neg_label``; if it
    is missing, every class not in ``gt_label`` is a negative. Modified:
    ``gt_label``. Added or modified: ``neg_label``.

    Args:
        fraction (float): Probability that a label stays known, in [0, 1].
        num_classes (int): K. A sample does not say how many classes there
            are, and with them what its negatives are.
        seed (int): Names one draw of the kept labels. Defaults to 0.

    Raises:
        TypeError: If ``fraction`` is not a number.
        ValueError: If ``fraction`` is outside of [0, 1].
    """

    def __init__(
        self, fraction: float, num_classes: int, seed: int = 0
    ) -> None:
        super().__init__(seed)
        self.fraction = fraction
        self.num_classes: int = num_classes
        self._limit = limit_of(fraction)

    def keep(self, results: dict) -> Tuple[List[int], List[int]]:
        """Return the labels whose number is small enough."""
        positives, negatives = known_labels(results, self.num_classes)
        kept = self.draw(results, self.num_classes) < self._limit
        return (
            positives[kept[positives]].tolist(),
            negatives[kept[negatives]].tolist(),
        )
