"""What training learns about labels beyond their annotation."""

from typing import Optional

import numpy as np
from torch import Tensor

from ...structures.global_batch import GlobalBatch
from ...structures.known_labels import KnownLabels
from ...structures.labels import Labels


class LabelStore:
    """State per (image, class) that a head reads and writes in each step.

    This base knows nothing and keeps nothing: the labels stay as annotated.
    """

    #: Whether it keeps anything that a checkpoint must carry.
    stateful: bool = False
    #: Whether it keeps what the loss modified, so that a loss must modify.
    keeps_modified: bool = False
    #: Whether :meth:`start` must be told the observed labels, not the images
    #: alone.
    needs_labels: bool = False
    #: Whether :meth:`read` gives probabilities of unobserved labels.
    gives_soft: bool = False
    #: Whether :meth:`estimate` returns what the loss must learn.
    gives_estimates: bool = False

    def prepare(self, num_classes: int) -> None:
        """Learn the number of classes, K, when the head is built."""
        self.num_classes = num_classes

    def start(self, known: KnownLabels) -> None:
        """Forget everything, and name the images of the training set."""

    def read(
        self, batch: GlobalBatch, target: Tensor, observed: Tensor
    ) -> Labels:
        """Apply what is known to the labels of a batch, before the loss.

        Args:
            batch (GlobalBatch): The N images.
            target (Tensor): Annotated labels, float ``(N, K)`` in {0, 1}.
            observed (Tensor): Which are annotated, bool ``(N, K)``.

        Returns:
            Labels: To train on.
        """
        return Labels(target, observed)

    def estimate(self, batch: GlobalBatch) -> Optional[Tensor]:
        """Return logits of the labels that are learned by their gradient.

        Returns:
            Tensor | None: Float ``(N, K)``, of observed labels too; None
            where the store learns otherwise.
        """
        return None

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

    def count_corrected(self, epoch: int) -> np.ndarray:
        """Count the labels that became positive before an epoch.

        Args:
            epoch (int): From 1.

        Returns:
            ndarray: int64 ``(K,)``, for each class.
        """
        return np.zeros(self.num_classes, np.int64)

    def flush(self) -> None:
        """Share with the other processes what was written, which all do."""

    def wants_logits(self, epoch: int, num_epochs: int) -> bool:
        """Whether it wants to see all training images after an epoch.

        Args:
            epoch (int): The one that ended, from 1.
            num_epochs (int): Of the run.
        """
        return False

    def take_logits(
        self, logits: np.ndarray, epoch: int, num_epochs: int
    ) -> None:
        """Learn from a pass over all training images, on all processes alike.

        Args:
            logits (ndarray): Of all M images of :meth:`start`, ordered by
                their keys, float32 ``(M, K)``.
            epoch (int): The one that ended, from 1.
            num_epochs (int): Of the run.
        """

    def snapshot(self) -> dict:
        """Return the state as plain tensors and lists."""
        return {}

    def restore(self, state: dict) -> None:
        """Replace the state by one of :meth:`snapshot`, after a start."""
