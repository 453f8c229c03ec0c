"""A linear head whose classes compete for the observed label."""

from typing import Any, Tuple

import torch
from torch import Tensor, nn

from mmwsml.registry import MODELS

from .partial_label_head import PartialLabelHead

#: Below it a feature counts as 0: the slope of a root has no end there.
SMALLEST = 1e-12


@MODELS.register_module()
class MultinomialHead(PartialLabelHead):
    """Linear head whose logits are those of a choice among the classes.

    One observed label of an image is a choice among its positives: a class
    that is plain to see lowers how often the others are chosen. A class has
    the logit z_k - g_k log(sum_j exp z_j) + d_k. With a competition g_k of 1
    that is the log-probability of the choice, multinomial logistic
    regression's; with 0 each class stands alone. z is a linear layer, ``fc``,
    over features to the power p, as :class:`PartialLabelHead` has it; so is
    d, ``direct``, what complete labels say of a class, 0 until something
    learns from them.

    ``competition`` (g) and ``power`` (p) are no options but state, in every
    checkpoint: :class:`mmwsml.MultinomialDiscriminantHook` sets them. They
    start at 0 and 1, and the head is then a :class:`PartialLabelHead`.

    Args:
        num_classes (int): K.
        in_channels (int): C.
        **kwargs: As of :class:`PartialLabelHead`.
    """

    competition: Tensor
    power: Tensor

    def __init__(
        self,
        num_classes: int,
        in_channels: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_classes, in_channels, **kwargs)
        self.register_buffer('competition', torch.zeros(num_classes))
        self.register_buffer('power', torch.ones(()))
        self.direct = nn.Linear(in_channels, num_classes)

    def init_weights(self) -> None:
        """Draw the weights of the choice alone."""
        super().init_weights()
        for weight in self.direct.parameters():
            nn.init.zeros_(weight)

    def raise_features(self, feature: Tensor) -> Tensor:
        """Raise features to the power of the head, with their sign.

        Args:
            feature (Tensor): Pooled, float ``(N, C)``.
        """
        size = feature.abs().clamp(min=SMALLEST)
        return feature.sign() * size.pow(self.power.to(feature.dtype))

    def forward(self, feats: Tuple[Tensor, ...]) -> Tensor:
        """Compute the logits, float32 also under autocast, ``(N, K)``.

        Args:
            feats (tuple[Tensor]): Pooled features, the last ``(N, C)``.
        """
        feature = self.pre_logits(feats)
        with torch.autocast(feature.device.type, enabled=False):
            feature = feature.to(self.fc.weight.dtype)
            feature = self.raise_features(feature)
            logits = self.fc(feature)
            rivals = logits.logsumexp(1, keepdim=True)
            return logits - self.competition * rivals + self.direct(feature)
