"""The place of a backbone whose features were computed once."""

from typing import Tuple

from mmengine.model import BaseModule
from torch import Tensor

from mmwsml.registry import MODELS


@MODELS.register_module()
class PrecomputedFeatures(BaseModule):
    """A backbone without weights: its input is its output.

    For features that :class:`mmwsml.LoadFeatures` takes from a folder.
    """

    def forward(self, x: Tensor) -> Tuple[Tensor]:
        """Pass features on.

        Args:
            x (Tensor): Features, ``(N, C, 1, 1)``.

        Returns:
            tuple[Tensor]: The same.
        """
        return (x,)
