"""Training with smoothed negatives in place of unobserved labels."""

from typing import Any

from mmwsml.registry import MODELS

from .assume_negative import AssumeNegative


@MODELS.register_module()
class LabelSmoothingAssumeNegative(AssumeNegative):
    """LSAN: assume negative, with label smoothing.

    Every target, observed or assumed, is 1 - ``label_smoothing`` instead of 1
    and ``label_smoothing`` instead of 0.

    Args:
        label_smoothing (float): In [0, 0.5). Defaults to 0.1.
        **options: ``class_weight`` of :class:`PartialLabelLoss`.

    Paper: `Multi-Label Learning from Single Positive Labels
    <https://arxiv.org/abs/2106.09708>`_ (CVPR 2021).
    """

    def __init__(self, label_smoothing: float = 0.1, **options: Any) -> None:
        super().__init__(label_smoothing=label_smoothing, **options)
