"""LL-R: leave the largest losses of unobserved labels out."""

from torch import Tensor

from mmwsml.registry import MODELS

from .large_loss import LargeLoss
from .partial_label_loss import mean_bce


@MODELS.register_module()
class LargeLossRejection(LargeLoss):
    """Binary cross-entropy without the largest losses of unobserved labels.

    Every unobserved label counts as negative, but those of the largest loss,
    which ``selection`` marks, get weight 0.

    Args:
        **options: ``selection`` and ``unobserved_weight`` of
            :class:`LargeLoss`; ``class_weight`` and ``label_smoothing`` of
            :class:`PartialLabelLoss`.

    Paper: LL-R of `Large Loss Matters in Weakly Supervised Multi-Label
    Classification <https://arxiv.org/abs/2206.03740>`_ (CVPR 2022), section
    4.1. Unlike the authors' code it modifies exactly k entries when losses
    are equal, and never an observed one.
    """

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor
    ) -> Tensor:
        """Average the cross-entropy over N * K, rejected entries as 0."""
        weight = kept = ~self.select(logits, observed)
        unobserved = self.weigh_unobserved(observed)
        if unobserved is not None:
            weight = unobserved * kept
        return mean_bce(logits, self.smooth(target), self.weigh(weight))
