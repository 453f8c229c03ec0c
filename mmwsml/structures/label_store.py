"""What training learns about labels beyond their annotation."""

from typing import Tuple

import numpy as np
from torch import Tensor

from .global_batch import GlobalBatch


class LabelStore:
    """State per (image, class) that a head reads and writes in each step.

    This base knows nothing and keeps nothing: the labels stay as annotated.
    """

    #: Whether a checkpoint must carry the state.
    stateful: bool = False

    def start(self, keys: np.ndarray) -> None:
        """Name the images of the training set, before the first step.

        Args:
            keys (ndarray): ``hash64`` of each ``sample_id``, int64 ``(M,)``.
        """

    def read(
        self, batch: GlobalBatch, target: Tensor, observed: Tensor
    ) -> Tuple[Tensor, Tensor]:
        """Apply what is known to the labels of a batch, before the loss.

        Args:
            batch (GlobalBatch): The N images.
            target (Tensor): Annotated labels, float ``(N, K)`` in {0, 1}.
            observed (Tensor): Which are annotated, bool ``(N, K)``.

        Returns:
            tuple[Tensor, Tensor]: ``target`` and ``observed`` to train on.
        """
        return target, observed

    def write(
        self, batch: GlobalBatch, modified: Tensor, logits: Tensor, epoch: int
    ) -> None:
        """Take in what the loss modified, after the loss.

        Args:
            batch (GlobalBatch): The N images.
            modified (Tensor): Entries that the loss modified, bool ``(N, K)``.
            logits (Tensor): Class scores before sigmoid, ``(N, K)``.
            epoch (int): From 1.
        """

    def flush(self) -> None:
        """Share with the other processes what was written, which all do."""

    def state_dict(self) -> dict:
        """Return the state as plain tensors and lists."""
        return {}

    def load_state_dict(self, state: dict) -> None:
        """Replace the state by one of :meth:`state_dict`."""
