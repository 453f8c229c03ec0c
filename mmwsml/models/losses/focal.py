"""Focusing on hard labels."""

from typing import Any

from mmwsml.registry import MODELS

from .asymmetric import Asymmetric


@MODELS.register_module()
class Focal(Asymmetric):
    """Focal loss: each label's cross-entropy times its error to the gamma.

    A positive costs -(1 - p)^gamma log p, a negative -p^gamma log(1 - p). An
    unobserved label counts as negative.

    Args:
        gamma (float): At least 0. Defaults to 2.
        **options: Those of :class:`PartialLabelLoss`.

    Paper: `Focal Loss for Dense Object Detection
    <https://arxiv.org/abs/1708.02002>`_ (ICCV 2017).
    """

    def __init__(self, gamma: float = 2.0, **options: Any) -> None:
        super().__init__(gamma, gamma, 0.0, **options)
