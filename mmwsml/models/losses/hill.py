"""Less weight on negatives of high scores, which may be missing labels."""

from typing import Any

import torch
from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step
from mmwsml.structures.checks import check_number

from .asymmetric import positive_losses
from .loss_result import LossResult
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class Hill(PartialLabelLoss):
    """Hill loss: the gradient of a negative falls again at high scores.

    A negative costs (``lam`` - p) p^2, a positive -(1 - p_m)^gamma log p_m,
    with p_m = sigmoid(z - margin). An unobserved label counts as negative.

    Args:
        lam (float): At least 1: where lower, the loss of a negative would
            become less than 0. Defaults to 1.5.
        margin (float): Of logits, at least 0. Defaults to 1.
        gamma (float): At least 0. Defaults to 2.
        **options: Those of :class:`PartialLabelLoss`.

    Paper: `Simple and Robust Loss Design for Multi-Label Learning with
    Missing Labels <https://arxiv.org/abs/2112.07368>`_ (2021).
    """

    def __init__(
        self,
        lam: float = 1.5,
        margin: float = 1.0,
        gamma: float = 2.0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        check_number('lam', lam, 1)
        check_number('margin', margin, 0)
        check_number('gamma', gamma, 0)
        self.lam = lam
        self.margin = margin
        self.gamma = gamma

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Average over N * K."""
        p = torch.sigmoid(logits)
        positive = positive_losses(logits - self.margin, self.gamma)
        negative = (self.lam - p) * p**2
        return LossResult(self.blend(target, positive, negative).mean())
