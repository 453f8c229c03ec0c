"""Training as if every unobserved label were negative."""

from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step

from .loss_result import LossResult
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class AssumeNegative(PartialLabelLoss):
    """Binary cross-entropy in which an unobserved label counts as negative.

    Paper: "Naive AN" of `Large Loss Matters in Weakly Supervised Multi-Label
    Classification <https://arxiv.org/abs/2206.03740>`_ (CVPR 2022), section 3.
    """

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Average the cross-entropy over N * K."""
        return LossResult(self.mean_bce(logits, target))
