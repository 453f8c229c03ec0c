"""LL-R: leave the largest losses of unobserved labels out."""

from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step

from .large_loss import LargeLoss
from .loss_result import LossResult


@MODELS.register_module()
class LargeLossRejection(LargeLoss):
    """Binary cross-entropy without the largest losses of unobserved labels.

    Every unobserved label counts as negative, but those of the largest loss,
    which ``selection`` marks, get weight 0.

    Args:
        **options: Those of :class:`LargeLoss`.

    Paper: LL-R of `Large Loss Matters in Weakly Supervised Multi-Label
    Classification <https://arxiv.org/abs/2206.03740>`_ (CVPR 2022), section
    4.1. Unlike the authors' code it modifies exactly k entries when losses
    are equal, and never an observed one.
    """

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Average the cross-entropy over N * K, rejected entries as 0."""
        rejected = self.select(logits, observed, step)
        weight = kept = ~rejected
        unobserved = self.weigh_unobserved(observed)
        if unobserved is not None:
            weight = unobserved * kept
        # The mean still divides by N * K: what is kept weighs as before.
        return LossResult(self.mean_bce(logits, target, weight), rejected)
