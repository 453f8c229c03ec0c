"""Training on complete labels, the upper bound of the others."""

from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step

from .loss_result import LossResult
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class FullLabel(PartialLabelLoss):
    """Binary cross-entropy on complete labels.

    Paper: "Full label" of `Large Loss Matters in Weakly Supervised
    Multi-Label Classification <https://arxiv.org/abs/2206.03740>`_ (CVPR
    2022), table 2.
    """

    accepts = ('complete',)

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Average the cross-entropy over N * K."""
        return LossResult(self.mean_bce(logits, target))
