"""Unobserved labels of high scores, taken as positive in the step."""

from typing import Any

import torch
from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step
from mmwsml.structures.checks import check_integer, check_number

from ..checks import require
from .asymmetric import negative_losses, positive_losses
from .loss_result import LossResult
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
        **options: Those of :class:`PartialLabelLoss`.

    Paper: `Simple and Robust Loss Design for Multi-Label Learning with
    Missing Labels <https://arxiv.org/abs/2112.07368>`_ (2021).
    """

    reads = ('progress',)
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
        check_number('margin', margin, 0)
        check_number('gamma', gamma, 0)
        check_integer('begin', begin, 1)
        self.threshold = threshold
        self.begin = begin
        self.margin = margin
        self.gamma = gamma

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Average over N * K, on the corrected targets.

        Raises:
            RuntimeError: If no hook has set ``progress``.
        """
        epoch, _ = require(step.progress, 'progress', self)
        confident = torch.sigmoid(logits) > self.threshold
        # Before `begin` the network has learned too little to be believed.
        modified = confident & ~observed & (epoch >= self.begin)
        corrected = target.masked_fill(modified, 1)
        # The margin asks more of what is known to be positive.
        margin = self.margin * observed.to(logits.dtype)
        positive = positive_losses(logits - margin, self.gamma)
        negative = negative_losses(logits, self.gamma)
        terms = self.blend(corrected, positive, negative)
        return LossResult(terms.mean(), modified)
