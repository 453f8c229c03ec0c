"""Training towards a known number of positives an image."""

from typing import Any, Optional

import torch
from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import GlobalBatch, Step
from mmwsml.structures.checks import check_number

from .loss_result import LossResult
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class ExpectedPositiveRegularization(PartialLabelLoss):
    """EPR: observed labels, and as many positives an image as expected.

    The cross-entropy of observed labels (its sum over N * K) plus
    ((mean over images of the sum of p) - kappa)^2 / K^2. The mean is over the
    batch of all processes: each adds one number to it. Class weights and
    smoothing act on the first part.

    Args:
        kappa (float): Expected number of positives an image, in (0, K];
            published: 1.5 (VOC), 2.9 (COCO), 1.9 (NUS-WIDE), 31.4 (CUB).
        **options: Those of :class:`PartialLabelLoss`.

    Paper: `Multi-Label Learning from Single Positive Labels
    <https://arxiv.org/abs/2106.09708>`_ (CVPR 2021).

    Raises:
        TypeError: If ``kappa`` is not a number, or missing.
        ValueError: If it is not positive, or above K.
    """

    def __init__(self, kappa: Optional[float] = None, **options: Any) -> None:
        super().__init__(**options)
        if kappa is None:
            raise TypeError(
                f'{type(self).__name__} needs `kappa`, the expected number '
                'of positives an image: give the mean of complete labels, '
                'or an estimate.'
            )
        check_number('kappa', kappa, 0, ends='()')
        self.kappa = kappa

    def check_num_classes(self, num_classes: int) -> None:
        """Refuse more positives than there are classes."""
        super().check_num_classes(num_classes)
        check_number('kappa', self.kappa, 0, num_classes, '(]')

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Add the regularizer to the mean over N * K."""
        value = self._regularized(logits, target, observed, step.batch)
        return LossResult(value)

    def _regularized(
        self,
        logits: Tensor,
        target: Tensor,
        observed: Tensor,
        batch: Optional[GlobalBatch],
    ) -> Tensor:
        """Compute the loss of logits, also of those of a label store."""
        known = self.mean_bce(logits, target, observed.to(logits.dtype))
        surplus = _mean_positives(logits, batch) - self.kappa
        # Divided by K: as large for 80 classes as for 20.
        return known + (surplus / logits.shape[1]) ** 2


def _mean_positives(logits: Tensor, batch: Optional[GlobalBatch]) -> Tensor:
    """Average the sum of p over the images of all processes.

    Its value is the global mean, its gradient that of the mean here: the
    base scales by the share of images, processes average gradients, and
    together that is the gradient of the global mean.
    """
    total = torch.sigmoid(logits).sum()
    own = total / len(logits)
    if batch is None or len(batch.sizes) == 1:
        return own
    totals = batch.gather(total.detach())
    return totals.sum() / batch.num_images + own - own.detach()
