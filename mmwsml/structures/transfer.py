"""Copies between a GPU and the CPU that let both go on."""

from typing import List

import numpy as np
import torch
from torch import Tensor


def upload(tensor: Tensor, device: torch.device) -> Tensor:
    """Move a tensor; from the CPU to a GPU without waiting for either."""
    if device.type == 'cuda' and tensor.device.type == 'cpu':
        return tensor.pin_memory().to(device, non_blocking=True)
    return tensor.to(device)


class Download:
    """Tensors on their way to the CPU.

    The copies start at once and end in the background. What is on the CPU
    already is not copied.

    Args:
        *tensors (Tensor): On any device.
    """

    def __init__(self, *tensors: Tensor) -> None:
        self._done = None
        self._copies = [_copy(tensor.detach()) for tensor in tensors]
        if any(tensor.is_cuda for tensor in tensors):
            self._done = torch.cuda.Event()
            self._done.record()

    def arrays(self) -> List[np.ndarray]:
        """Wait for the copies, no longer than they take, and return them."""
        if self._done is not None:
            self._done.synchronize()
        return [copy.numpy() for copy in self._copies]


def _copy(tensor: Tensor) -> Tensor:
    if not tensor.is_cuda:
        return tensor.cpu()
    pinned = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
    return pinned.copy_(tensor, non_blocking=True)
