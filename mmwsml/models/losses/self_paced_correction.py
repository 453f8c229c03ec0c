"""Unobserved labels of high scores, taken as positive in the step."""

from typing import Any

import torch
from torch import Tensor

from mmwsml.registry import MODELS

from ..checks import check_number
from .asymmetric import negative_losses, positive_losses
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class SelfPacedCorrection(PartialLabelLoss):
    """SPLC: from epoch ``begin`` on, confident unobserved labels are positive.

    A positive costs -(1 - p_m)^gamma log p_m, with p_m = sigmoid(z - margin);
    a negative -p^gamma log(1 - p). An unobserved label counts as negative,
    and, from epoch ``begin`` on, where p > ``threshold``, as a positive
    without margin: -(1 - p)^gamma log p. ``modified`` tells which.

    Needs ``progress``: add ``dict(type='mmwsml.ProgressHook')``.

    Args:
        threshold (float): In (0, 1). Defaults to 0.6.
        begin (int): First epoch that corrects, at least 1. Defaults to 2.
        margin (float): Of logits, at least 0. Defaults to 1.
        gamma (float): At least 0. Defaults to 2.
        **options: ``class_weight`` and ``label_smoothing`` of
            :class:`PartialLabelLoss`.

    Paper: `Simple and Robust Loss Design for Multi-Label Learning with
    Missing Labels <https://arxiv.org/abs/2112.07368>`_ (2021).
    """

    modifies = True

    def __init__(
        self,
        threshold: float = 0.6,
        begin: int = 2,
        margin: float = 1.0,
        gamma: float = 2.0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        check_number('threshold', threshold, 0, 1, '()')
        check_number('margin', margin, 0, float('inf'), '[)')
        check_number('gamma', gamma, 0, float('inf'), '[)')
        if type(begin) is not int or begin < 1:
            raise ValueError(
                f'`begin` must be an epoch, from 1, but got {begin!r}.'
            )
        self.threshold = threshold
        self.begin = begin
        self.margin = margin
        self.gamma = gamma

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor
    ) -> Tensor:
        """Average over N * K, on the corrected targets.

        Raises:
            RuntimeError: If no hook has set ``progress``.
        """
        epoch, _ = self.require_progress()
        confident = torch.sigmoid(logits) > self.threshold
        self.modified = confident & ~observed & (epoch >= self.begin)
        share = self.smooth(target.masked_fill(self.modified, 1))
        margin = self.margin * observed.to(logits.dtype)
        positive = positive_losses(logits - margin, self.gamma)
        negative = negative_losses(logits, self.gamma)
        terms = share * positive + (1 - share) * negative
        return self.weigh(terms).mean()
