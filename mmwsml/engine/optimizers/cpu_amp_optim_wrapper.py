"""Mixed precision without a GPU."""

from contextlib import contextmanager
from typing import Iterator

import torch
from mmengine.optim import OptimWrapper
from torch import nn

from mmwsml.registry import OPTIM_WRAPPERS


@OPTIM_WRAPPERS.register_module()
class CPUAmpOptimWrapper(OptimWrapper):
    """Run the forward pass in bfloat16 on the CPU; no loss scale is needed.

    MMEngine's ``AmpOptimWrapper`` asks for a GPU. ``tools/train.py --amp``
    takes this one where there is none.

    Args:
        **kwargs: As in :class:`mmengine.optim.OptimWrapper`.
    """

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        """Enable autocast around the forward pass."""
        with super().optim_context(model):
            with torch.autocast('cpu', torch.bfloat16):
                yield
