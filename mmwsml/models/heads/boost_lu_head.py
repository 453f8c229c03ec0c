"""A head that boosts the places where a class is seen."""

from typing import Any, Sequence, Tuple

import torch
from torch import Tensor
from torch.nn import functional as F

from mmwsml.registry import MODELS
from mmwsml.structures.checks import check_number

from .partial_label_head import PartialLabelHead


@MODELS.register_module()
class BoostLUHead(PartialLabelHead):
    """Average class-activation maps whose positive places count more.

    A model trained on partial labels sees classes in the right places, but
    too weakly. Each place of the feature map is classified by the linear
    layer, positive activations are multiplied by ``alpha``, and the mean of
    a map is the logit. For any loss; the published runs use the large-loss
    methods.

    The features are the backbone's last feature map: the model has
    ``neck=None``. The weights are those of a linear head over average
    pooling, which is this head at ``alpha=1``.

    Paper: BoostLU of `Bridging the Gap between Model Explanations in
    Partially Annotated Multi-label Classification
    <https://arxiv.org/abs/2304.01804>`_ (CVPR 2023).

    Args:
        num_classes (int): K.
        in_channels (int): C, the channels of the feature map.
        alpha (float): Factor of positive activations, at least 1. Defaults
            to 5.0.
        **kwargs: ``loss``, ``labels``, ``label_store``, ``thr``, ``topk`` and
            ``init_cfg`` of :class:`PartialLabelHead`.

    Raises:
        TypeError: If ``alpha`` is not a number.
        ValueError: If ``alpha`` is not finite or less than 1.
    """

    def __init__(
        self,
        num_classes: int,
        in_channels: int,
        alpha: float = 5.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_classes, in_channels, **kwargs)
        check_number('alpha', alpha, 1)
        self.alpha = float(alpha)

    def pre_logits(self, feats: Tuple[Tensor, ...]) -> Tensor:
        """Return the last feature map, ``(N, C, h, w)``.

        Raises:
            ValueError: If the features have no places.
        """
        feature = super().pre_logits(feats)
        if feature.dim() != 4:
            raise ValueError(
                'BoostLUHead needs a feature map (N, C, h, w), but got '
                f'features of shape {tuple(feature.shape)}: set '
                "`model.neck=None`, and `out_type='featmap'` in a transformer."
            )
        return feature

    def forward(self, feats: Tuple[Tensor, ...]) -> Tensor:
        """Compute the logits, float32 ``(N, K)``, under autocast too."""
        return self._boosted_maps(self.pre_logits(feats)).mean((2, 3))

    def activation_maps(
        self, feature: Tensor, labels: Sequence[int]
    ) -> Tensor:
        """Compute the boosted maps of some classes of an image.

        Args:
            feature (Tensor): Its feature map, float ``(C, h, w)``.
            labels (Sequence[int]): P classes.

        Returns:
            Tensor: Float32 ``(P, h, w)``; the mean of a map is the logit.
        """
        return self._boosted_maps(feature[None])[0][list(labels)]

    def _boosted_maps(self, feature: Tensor) -> Tensor:
        """Classify every place, ``(N, C, h, w)`` to ``(N, K, h, w)``."""
        weight = self.fc.weight[:, :, None, None]
        with torch.autocast(feature.device.type, enabled=False):
            maps = F.conv2d(feature.to(weight.dtype), weight, self.fc.bias)
            return torch.where(maps > 0, self.alpha * maps, maps)
