"""Training without a guess about unobserved labels."""

from typing import Any, Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step
from mmwsml.structures.checks import check_number

from .loss_result import LossResult
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class EntropyMaximization(PartialLabelLoss):
    """EM: cross-entropy of observed labels, entropy of unobserved ones.

    An unobserved label costs -``alpha`` * H(p), with H(p) = -p log p -
    (1 - p) log(1 - p): least at p = 0.5. The loss may be negative.

    With a label store that gives soft labels (APL:
    :class:`mmwsml.SoftLabels`), an unobserved label whose target t is above 0
    costs ``beta`` * (-t log p - (1 - t) log(1 - p)) instead.

    Args:
        alpha (float): Weight of the entropy, in (0, inf); published: 0.2
            (VOC), 0.1 (COCO), 0.1 (NUS-WIDE), 0.01 (CUB).
        beta (float, optional): Weight of soft labels, in (0, 1]; published
            with APL: 0.02 (VOC), 0.9 (COCO), 0.2 (NUS-WIDE), 0.4 (CUB).
            Defaults to None: a label store that gives some is refused.
        **options: Those of :class:`PartialLabelLoss`; ``label_smoothing`` and
            ``pos_weight`` act on observed labels.

    Paper: `Acknowledging the Unknown for Multi-label Learning with Single
    Positive Labels <https://arxiv.org/abs/2203.16219>`_ (ECCV 2022).
    """

    def __init__(
        self, alpha: float, beta: Optional[float] = None, **options: Any
    ) -> None:
        super().__init__(**options)
        check_number('alpha', alpha, 0, ends='()')
        if beta is not None:
            check_number('beta', beta, 0, 1, '(]')
        self.alpha = alpha
        self.beta = beta
        self.takes_soft = beta is not None

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Average all parts over N * K."""
        known = self.label_losses(logits, target)
        # Minus the entropy: neither a positive nor a negative is guessed.
        terms = torch.where(observed, known, -self.alpha * _entropy(logits))
        if self.beta is not None:
            # The cross-entropy towards the estimate of a label store.
            soft = self.beta * F.binary_cross_entropy_with_logits(
                logits, target, reduction='none'
            )
            terms = torch.where(~observed & (target > 0), soft, terms)
        return LossResult(self.weigh(terms).mean())


def _entropy(logits: Tensor) -> Tensor:
    """Compute H(p) in nats, in [0, log 2]."""
    return -(
        torch.sigmoid(logits) * F.logsigmoid(logits)
        + torch.sigmoid(-logits) * F.logsigmoid(-logits)
    )
