"""Training on observed labels alone."""

from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step

from .loss_result import LossResult
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class IgnoreUnobserved(PartialLabelLoss):
    """IU: binary cross-entropy of observed labels; the others cost nothing.

    It needs observed negatives: with positives alone the least loss is to
    find every class in every image. ``PreflightHook`` refuses a training set
    without any; a single batch may have none. The sum is divided by N * K.

    Args:
        **options: Those of :class:`PartialLabelLoss`.

    Paper: `Multi-Label Learning from Single Positive Labels
    <https://arxiv.org/abs/2106.09708>`_ (CVPR 2021).
    """

    needs_negatives = True

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Sum the cross-entropy of observed entries, over N * K."""
        weight = observed.to(logits.dtype)
        return LossResult(self.mean_bce(logits, target, weight))
