"""Asymmetric focusing on positives and on negatives."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step
from mmwsml.structures.checks import check_number

from .loss_result import LossResult
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class Asymmetric(PartialLabelLoss):
    """ASL: each label's cross-entropy, weighed down where it is easy.

    A positive costs -(1 - p)^gamma log p, a negative -p_m^gamma log(1 - p_m),
    with p_m = max(0, p - margin). An unobserved label counts as negative.
    (MMPretrain's ``AsymmetricLoss`` cuts its logs at 1e-8 and so has no
    gradient for labels that are very wrong.)

    Args:
        gamma_positive (float): At least 0. Defaults to 0.
        gamma_negative (float): At least 0. Defaults to 4.
        margin (float): Probability, in [0, 1), below which a negative costs
            nothing. Defaults to 0.05.
        focus_gradient (bool): Whether gamma's factor has a gradient. If not,
            as in the training code of the paper, it is a constant in the
            step. Defaults to True.
        **options: Those of :class:`PartialLabelLoss`.

    Paper: `Asymmetric Loss For Multi-Label Classification
    <https://arxiv.org/abs/2009.14119>`_ (ICCV 2021).
    """

    accepts = ('partial', 'complete')

    def __init__(
        self,
        gamma_positive: float = 0.0,
        gamma_negative: float = 4.0,
        margin: float = 0.05,
        focus_gradient: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        check_number('gamma_positive', gamma_positive, 0)
        check_number('gamma_negative', gamma_negative, 0)
        check_number('margin', margin, 0, 1, '[)')
        self.gamma_positive = gamma_positive
        self.gamma_negative = gamma_negative
        self.margin = margin
        self.focus_gradient = focus_gradient

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Average over N * K."""
        focused = self.focus_gradient
        positive = positive_losses(logits, self.gamma_positive, focused)
        negative = negative_losses(
            logits, self.gamma_negative, self.margin, focused
        )
        return LossResult(self.blend(target, positive, negative).mean())


def positive_losses(
    logits: Tensor, gamma: float, focus_gradient: bool = True
) -> Tensor:
    """Compute -(1 - p)^gamma log p, exact for logits of any size."""
    focus = torch.exp(gamma * F.logsigmoid(-logits))
    if not focus_gradient:
        focus = focus.detach()
    return -focus * F.logsigmoid(logits)


def negative_losses(
    logits: Tensor,
    gamma: float,
    margin: float = 0.0,
    focus_gradient: bool = True,
) -> Tensor:
    """Compute -p_m^gamma log(1 - p_m), p_m = max(0, p - margin)."""
    if margin == 0:
        return positive_losses(-logits, gamma, focus_gradient)
    # At least the smallest float: 0 has no gradient of a root.
    tiny = torch.finfo(logits.dtype).tiny
    shifted = (torch.sigmoid(logits) - margin).clamp(min=tiny)
    # 1 - p_m is at least the margin: its log needs no care.
    log = torch.log((torch.sigmoid(-logits) + margin).clamp(max=1))
    focus = shifted**gamma
    return -(focus if focus_gradient else focus.detach()) * log
