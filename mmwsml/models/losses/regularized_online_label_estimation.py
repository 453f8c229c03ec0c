"""Labels estimated while the network is trained."""

import torch
import torch.nn.functional as F
from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step

from ..checks import require
from .expected_positive_regularization import ExpectedPositiveRegularization
from .loss_result import LossResult


@MODELS.register_module()
class RegularizedOnlineLabelEstimation(ExpectedPositiveRegularization):
    """ROLE: the network and an estimate of all labels learn from each other.

    Half of EPR(p) + CE(p; q) and half of EPR(q) + CE(q; p), where p are the
    scores of the network, q those of ``LabelEstimates``, the label store that
    it needs, EPR is :class:`ExpectedPositiveRegularization` with the observed
    labels, and CE(a; b), the mean over N * K of the cross-entropy of a for the
    target b, sends no gradient to b. Class weights act on everything but the
    regularizer, smoothing on the observed labels.

    Args:
        kappa (float): Expected number of positives an image, in (0, K].
        **options: Those of :class:`PartialLabelLoss`.

    Paper: `Multi-Label Learning from Single Positive Labels
    <https://arxiv.org/abs/2106.09708>`_ (CVPR 2021).

    Raises:
        TypeError: If ``kappa`` is not a number, or missing.
        ValueError: If it is not positive, or above K.
    """

    reads = ('estimate',)

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Average the losses of both sides.

        Raises:
            RuntimeError: If the step has no ``estimate``.
        """
        estimate = require(step.estimate, 'estimate', self).to(logits.dtype)
        total = logits.new_zeros(())
        # Both sides have the same loss, each with the other as its target.
        for own, other in ((logits, estimate), (estimate, logits)):
            total = total + self._regularized(
                own, target, observed, step.batch
            )
            total = total + self._agreement(own, other)
        return LossResult(total / 2)

    def _agreement(self, own: Tensor, other: Tensor) -> Tensor:
        """Average the cross-entropy towards scores without gradient."""
        return F.binary_cross_entropy_with_logits(
            own, torch.sigmoid(other.detach()), self.class_weight
        )
