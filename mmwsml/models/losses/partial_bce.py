"""Cross-entropy that counts how many labels of an image are known."""

from typing import Any

from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step
from mmwsml.structures.checks import check_number

from .loss_result import LossResult
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class PartialBCE(PartialLabelLoss):
    """Partial BCE: known labels of an image count more where they are few.

    The cross-entropy of known labels, times g(r) = alpha r^gamma + beta, where
    r is the share of the K labels of the image that are known; its sum is
    divided by N * K. An image without any costs 0. Labels that a label store
    observes, such as ``CurriculumLabels``, are known. It needs observed
    negatives, as IU does, which is this loss with alpha 0 and beta 1;
    alpha 1, beta 0, gamma -1 is the mean over the known labels of an image.

    The defaults give g(1) = 1 and g(0.1) = 5, as public implementations of
    the paper do.

    Args:
        alpha (float): Defaults to -4.45.
        beta (float): Defaults to 5.45.
        gamma (float): Defaults to 1.0.
        **options: Those of :class:`PartialLabelLoss`.

    Paper: `Learning a Deep ConvNet for Multi-label Classification with Partial
    Labels <https://arxiv.org/abs/1902.09720>`_ (CVPR 2019).

    Raises:
        TypeError: If a number is none.
        ValueError: If a number is not finite, or g(1) or, of K classes,
            g(1 / K) is not positive.
    """

    needs_negatives = True

    def __init__(
        self,
        alpha: float = -4.45,
        beta: float = 5.45,
        gamma: float = 1.0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        numbers = dict(alpha=alpha, beta=beta, gamma=gamma)
        for name, number in numbers.items():
            check_number(name, number, -float('inf'), ends='()')
        self.alpha, self.beta, self.gamma = alpha, beta, gamma
        self._check_weight(1)

    def check_num_classes(self, num_classes: int) -> None:
        """Refuse a weight that is not positive for one known label."""
        super().check_num_classes(num_classes)
        self._check_weight(num_classes)

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Weigh the images, and average over N * K."""
        known = observed.to(logits.dtype)
        least = 1 / logits.shape[1]  # 0 has no negative power; it weighs 0
        share = known.mean(1, keepdim=True).clamp(min=least)  # (N, 1)
        weight = self.alpha * share**self.gamma + self.beta
        return LossResult(self.mean_bce(logits, target, known * weight))

    def _check_weight(self, num_classes: int) -> None:
        """Check an end of the range of r, between which g is monotonic."""
        weight = self.alpha * (1 / num_classes) ** self.gamma + self.beta
        if not weight > 0:
            raise ValueError(
                '`alpha` r^`gamma` + `beta` must be positive, but is '
                f'{weight:g} where {1 / num_classes:g} of the labels are '
                'known: raise `beta`.'
            )
