"""Counts and sums of losses by kind and class, on the device of the logits."""

from typing import Optional, Tuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from mmwsml.structures.transfer import upload

from .loss_bins import NUM_BINS, UNIT, count_units, find_bins
from .recorded_images import POSITIVE, RecordedImages

BLOCK = 2**14  # entries of which one thread takes the loss


class LossTally:
    """Add up losses in integers: no order of the images matters.

    Every entry is first counted as of the usual kind; the few of other kinds
    are moved.

    Args:
        images (RecordedImages): Tells the kinds.
    """

    def __init__(self, images: RecordedImages) -> None:
        self.images = images
        self._counts: Optional[Tensor] = None
        self._units: Optional[Tensor] = None

    def add(self, rows: np.ndarray, logits: Tensor) -> Tensor:
        """Count the entries of some images.

        Args:
            rows (ndarray): int64 ``(n,)``.
            logits (Tensor): Class scores before sigmoid, ``(n, K)``.

        Returns:
            Tensor: The losses as annotated, float32 ``(n, K)``.
        """
        if self._counts is None:
            self._begin(logits.device)
        kinds = self.images.kinds_of(rows).ravel()
        others = np.flatnonzero(kinds != self.images.usual_kind)
        positives = np.flatnonzero(kinds == POSITIVE)
        others, kinds, positives = (
            upload(torch.from_numpy(array), logits.device)
            for array in (others, kinds[others].astype(np.int64), positives)
        )
        losses = annotated_losses(logits, positives)
        self._count(losses, others, kinds)
        return losses

    def _begin(self, device: torch.device) -> None:
        shape = len(self.images.kinds), self.images.num_classes
        self._counts = torch.zeros(
            (*shape, NUM_BINS), dtype=torch.int32, device=device
        )
        self._units = torch.zeros(shape, dtype=torch.int64, device=device)

    def _count(self, losses: Tensor, others: Tensor, kinds: Tensor) -> None:
        """Count entries; ``others`` of them are of another kind."""
        classes = torch.arange(losses.shape[1], device=losses.device)
        cells = find_bins(losses) + (classes * NUM_BINS).int()
        cells = cells.flatten().long()
        units = count_units(losses)
        usual = self.images.usual_kind
        one = torch.ones_like(cells, dtype=torch.int32)
        self._counts[usual].view(-1).scatter_add_(0, cells, one)
        self._units[usual] += units.sum(0)
        cells, units = cells[others], units.flatten()[others].long()
        one = one[: len(cells)]
        self._counts[usual].view(-1).scatter_add_(0, cells, -one)
        size = losses.shape[1] * NUM_BINS
        self._counts.view(-1).scatter_add_(0, cells + kinds * size, one)
        cells = others % losses.shape[1]
        self._units[usual].scatter_add_(0, cells, -units)
        cells = cells + kinds * losses.shape[1]
        self._units.view(-1).scatter_add_(0, cells, units)

    def take(self) -> Tuple[np.ndarray, np.ndarray]:
        """Return what was counted, and begin at zero.

        Returns:
            tuple[ndarray, ndarray]: The histogram, int32 ``(number of kinds,
            K, NUM_BINS)``, and the sums in ``UNIT``, int64 ``(number of
            kinds, K)``.
        """
        if self._counts is None:
            self._begin(torch.device('cpu'))
        counts, units = self._counts, self._units
        self._counts = self._units = None
        return counts.cpu().numpy(), units.cpu().numpy()


def annotated_losses(logits: Tensor, positives: Tensor) -> Tensor:
    """Compute the cross-entropy of each label, unobserved ones as negative.

    On a CPU an entry's last bit does not depend on where it stands in the
    batch: all blocks are whole, so that all are computed by vectors.

    Args:
        logits (Tensor): Class scores before sigmoid, ``(n, K)``.
        positives (Tensor): Flat index of the observed positives, int64.

    Returns:
        Tensor: Float32 ``(n, K)``.
    """
    size = logits.numel()
    room = size if logits.is_cuda else -(-size // BLOCK) * BLOCK
    losses = torch.zeros(room, device=logits.device)
    losses[:size].view(logits.shape).copy_(logits)
    losses[positives] = -losses[positives]
    if logits.is_cuda:
        return F.softplus(losses).view(logits.shape)
    for block in losses.split(BLOCK):
        block.copy_(F.softplus(block))
    return losses[:size].view(logits.shape)


def to_sums(units: np.ndarray) -> np.ndarray:
    """Turn integer sums into losses, float64."""
    return units / UNIT
