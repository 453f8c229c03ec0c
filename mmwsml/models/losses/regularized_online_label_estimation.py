"""Labels estimated while the network is trained."""

import torch
import torch.nn.functional as F
from torch import Tensor

from mmwsml.registry import MODELS

from .expected_positive_regularization import ExpectedPositiveRegularization


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
        **options: ``class_weight`` and ``label_smoothing`` of
            :class:`PartialLabelLoss`.

    Paper: `Multi-Label Learning from Single Positive Labels
    <https://arxiv.org/abs/2106.09708>`_ (CVPR 2021).

    Raises:
        TypeError: If ``kappa`` is not a number, or missing.
        ValueError: If it is not positive, or above K.
    """

    takes_estimates = True

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor
    ) -> Tensor:
        """Average the losses of both sides.

        Raises:
            RuntimeError: If there is no ``estimate``.
        """
        if self.estimate is None:
            raise RuntimeError(
                f'{type(self).__name__} has no estimate of the labels: set '
                "`model.head.label_store=dict(type='mmwsml.LabelEstimates', "
                'num_images=...)`.'
            )
        estimate = self.estimate.to(logits.dtype)
        total = logits.new_zeros(())
        for own, other in ((logits, estimate), (estimate, logits)):
            total = total + super().compute(own, target, observed)
            total = total + self._agreement(own, other)
        return total / 2

    def _agreement(self, own: Tensor, other: Tensor) -> Tensor:
        """Average the cross-entropy towards scores without gradient."""
        return F.binary_cross_entropy_with_logits(
            own, torch.sigmoid(other.detach()), self.weigh()
        )
