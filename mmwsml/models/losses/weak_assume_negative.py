"""Training with weak negatives in place of unobserved labels."""

from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step

from .loss_result import LossResult
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class WeakAssumeNegative(PartialLabelLoss):
    """WAN: an unobserved label is a negative of weight 1 / (K - 1).

    Where one positive an image is observed, the others together weigh as
    much as it does. Observed labels weigh 1. With one class there is nothing
    to balance: the weight is 1.

    Args:
        **options: Those of :class:`PartialLabelLoss`.

    Paper: `Multi-Label Learning from Single Positive Labels
    <https://arxiv.org/abs/2106.09708>`_ (CVPR 2021).
    """

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Average the weighted cross-entropy over N * K."""
        weight = observed.to(logits.dtype)
        weight = weight.masked_fill(~observed, 1 / max(logits.shape[1] - 1, 1))
        return LossResult(self.mean_bce(logits, target, weight))
