"""Training with weak negatives in place of unobserved labels."""

from torch import Tensor

from mmwsml.registry import MODELS

from .partial_label_loss import PartialLabelLoss, mean_bce


@MODELS.register_module()
class WeakAssumeNegative(PartialLabelLoss):
    """WAN: an unobserved label is a negative of weight 1 / (K - 1).

    Where one positive an image is observed, the others together weigh as
    much as it does. Observed labels weigh 1. With one class there is nothing
    to balance: the weight is 1.

    Args:
        **options: ``class_weight`` and ``label_smoothing`` of
            :class:`PartialLabelLoss`.

    Paper: `Multi-Label Learning from Single Positive Labels
    <https://arxiv.org/abs/2106.09708>`_ (CVPR 2021).
    """

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor
    ) -> Tensor:
        """Average the weighted cross-entropy over N * K."""
        weight = observed.to(logits.dtype)
        weight = weight.masked_fill(~observed, 1 / max(logits.shape[1] - 1, 1))
        return mean_bce(logits, self.smooth(target), self.weigh(weight))
