"""Training without a guess about unobserved labels."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from mmwsml.registry import MODELS

from .checks import check_number
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class EntropyMaximization(PartialLabelLoss):
    """EM: cross-entropy of observed labels, entropy of unobserved ones.

    An unobserved label costs -``alpha`` * H(p), with H(p) = -p log p -
    (1 - p) log(1 - p): least at p = 0.5. The loss may be negative.

    Args:
        alpha (float): Weight of the entropy, in (0, inf); published: 0.2
            (VOC), 0.1 (COCO), 0.1 (NUS-WIDE), 0.01 (CUB).
        **options: ``class_weight`` and ``label_smoothing`` (of observed
            labels) of :class:`PartialLabelLoss`.

    Paper: `Acknowledging the Unknown for Multi-label Learning with Single
    Positive Labels <https://arxiv.org/abs/2203.16219>`_ (ECCV 2022).
    """

    def __init__(self, alpha: float, **options: Any) -> None:
        super().__init__(**options)
        check_number('alpha', alpha, 0, float('inf'), '()')
        self.alpha = alpha

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor
    ) -> Tensor:
        """Average both parts over N * K."""
        known = self.label_losses(logits, target)
        terms = torch.where(observed, known, -self.alpha * _entropy(logits))
        return self.weigh(terms).mean()


def _entropy(logits: Tensor) -> Tensor:
    """Compute H(p) in nats, in [0, log 2]."""
    return -(
        torch.sigmoid(logits) * F.logsigmoid(logits)
        + torch.sigmoid(-logits) * F.logsigmoid(-logits)
    )
