"""What is recorded of one epoch."""

from typing import NamedTuple

import numpy as np


class EpochRecord(NamedTuple):
    """An epoch of M images and K classes."""

    #: Entries in each bin of losses, int32 ``(number of kinds, K, NUM_BINS)``.
    histogram: np.ndarray
    #: Sums of the losses, float64 ``(number of kinds, K)``.
    sums: np.ndarray
    #: Whether the epoch showed an image, bool ``(M,)``.
    seen: np.ndarray
    #: Of the dtype ``MODIFIED``, ordered by row and class.
    modified: np.ndarray
    #: Steps of the epoch.
    num_steps: int
