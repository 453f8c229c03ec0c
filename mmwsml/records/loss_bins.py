"""The bins that count losses: eight for each doubling, from 2^-12 to 2^4."""

import numpy as np
import torch
from torch import Tensor

NUM_BINS = 128
LOWEST = -12  # exponent of the lowest edge but 0
#: Losses are summed as integers, multiples of 2^-22, so that no order of the
#: images matters; larger ones than the largest count as it.
UNIT = 2.0**22
LARGEST = 511.0


def bin_edges() -> np.ndarray:
    """Return the edges of the bins, float64 ``(NUM_BINS + 1,)``.

    Bin b holds the losses in [edge b, edge b + 1). The first reaches down to
    0, the last up to infinity; the others are at most 12.5 % wide.
    """
    steps = np.arange(NUM_BINS + 1)
    edges = 2.0 ** (steps // 8 + LOWEST) * (1 + steps % 8 / 8)
    edges[0], edges[-1] = 0, np.inf
    return edges


def find_bins(losses: Tensor) -> Tensor:
    """Find the bin of each loss.

    The exponent and the first three bits of the fraction of a float32 number
    are the number of its bin, so that nothing is rounded.

    Args:
        losses (Tensor): At least 0, float32, of any shape.

    Returns:
        Tensor: int32, the same shape, in [0, NUM_BINS), also of what is not
        finite.
    """
    codes = losses.view(torch.int32) >> 20
    return codes.sub_((127 + LOWEST) << 3).clamp_(0, NUM_BINS - 1)


def count_units(losses: Tensor) -> Tensor:
    """Round losses to the units of their sums, int32, the same shape."""
    return losses.clamp(max=LARGEST).mul_(UNIT).round_().int()
