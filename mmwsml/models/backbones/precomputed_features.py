"""The place of a backbone whose features were computed once."""

from typing import Tuple

from mmengine.model import BaseModule
from torch import Tensor

from mmwsml.registry import MODELS


@MODELS.register_module()
class PrecomputedFeatures(BaseModule):
    """A backbone without weights: its input is its output.

    For features that :class:`mmwsml.LoadFeatures` takes from a folder.

    Args:
        flat (bool): Whether to give vectors ``(N, C)``, for a model without
            a neck that would pool them. Defaults to False: maps of one pixel.
    """

    def __init__(self, flat: bool = False) -> None:
        super().__init__()
        self.flat = flat

    def forward(self, x: Tensor) -> Tuple[Tensor]:
        """Pass features on.

        Args:
            x (Tensor): Features, ``(N, C, 1, 1)``.

        Returns:
            tuple[Tensor]: The same, ``(N, C)`` if ``flat``.
        """
        return (x.flatten(1) if self.flat else x,)
