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
        self._totals: Optional[Tuple[Tensor, Tensor]] = None

    def add(self, rows: np.ndarray, logits: Tensor) -> Tensor:
        """Count the entries of some images.

        Args:
            rows (ndarray): int64 ``(n,)``.
            logits (Tensor): Class scores before sigmoid, ``(n, K)``.

        Returns:
            Tensor: The losses as annotated, float32 ``(n, K)``.
        """
        if self._totals is None:
            self._totals = self._begin(logits.device)
        kinds = self.images.kinds_of(rows).ravel()
        others = np.flatnonzero(kinds != self.images.usual_kind)
        kinds = kinds[others].astype(np.int64)
        images, classes = np.divmod(others, logits.shape[1])
        places = classes * len(rows) + images
        positives, *rest = (
            upload(torch.from_numpy(array), logits.device)
            for array in (places[kinds == POSITIVE], places, classes, kinds)
        )
        losses = annotated_losses(logits, positives)
        self._count(*self._totals, losses, *rest)
        return losses.t()

    def _begin(self, device: torch.device) -> Tuple[Tensor, Tensor]:
        shape = len(self.images.kinds), self.images.num_classes
        return (
            torch.zeros((*shape, NUM_BINS), dtype=torch.int32, device=device),
            torch.zeros(shape, dtype=torch.int64, device=device),
        )

    def _count(
        self,
        counts: Tensor,
        sums: Tensor,
        losses: Tensor,
        others: Tensor,
        classes: Tensor,
        kinds: Tensor,
    ) -> None:
        """Count entries, ``(K, n)``; ``others`` are of other kinds.

        Class by class, the bins that are touched together lie together.
        """
        num_classes, usual = len(losses), self.images.usual_kind
        firsts = torch.arange(num_classes, device=losses.device) * NUM_BINS
        cells = (find_bins(losses) + firsts[:, None]).view(-1)
        units = count_units(losses)
        one = torch.ones_like(cells, dtype=torch.int32)
        counts[usual].view(-1).scatter_add_(0, cells, one)
        sums[usual] += units.sum(1)
        cells, units = cells[others], units.view(-1)[others].long()
        one = one[: len(cells)]
        counts[usual].view(-1).scatter_add_(0, cells, -one)
        cells = cells + kinds * (num_classes * NUM_BINS)
        counts.view(-1).scatter_add_(0, cells, one)
        sums[usual].scatter_add_(0, classes, -units)
        cells = classes + kinds * num_classes
        sums.view(-1).scatter_add_(0, cells, units)

    def take(self) -> Tuple[np.ndarray, np.ndarray]:
        """Return what was counted, and begin at zero.

        Returns:
            tuple[ndarray, ndarray]: The histogram, int32 ``(number of kinds,
            K, NUM_BINS)``, and the sums in ``UNIT``, int64 ``(number of
            kinds, K)``.
        """
        counts, units = self._totals or self._begin(torch.device('cpu'))
        self._totals = None
        return counts.cpu().numpy(), units.cpu().numpy()


def annotated_losses(logits: Tensor, positives: Tensor) -> Tensor:
    """Compute the cross-entropy of each label, unobserved ones as negative.

    On a CPU an entry's last bit does not depend on where it stands in the
    batch: all blocks are whole, so that all are computed by vectors.

    Args:
        logits (Tensor): Class scores before sigmoid, ``(n, K)``.
        positives (Tensor): Flat index ``(K, n)`` of the observed positives,
            int64.

    Returns:
        Tensor: Float32 ``(K, n)``.
    """
    turned, size = logits.t(), logits.numel()
    room = size if logits.is_cuda else -(-size // BLOCK) * BLOCK
    losses = torch.zeros(room, device=logits.device)
    losses[:size].view(turned.shape).copy_(turned)
    losses[positives] = -losses[positives]
    for block in losses.split(room if logits.is_cuda else BLOCK):
        # Its stub has no `out`.
        F.softplus(block, out=block)  # type: ignore[call-arg]
    return losses[:size].view(turned.shape)


def to_sums(units: np.ndarray) -> np.ndarray:
    """Turn integer sums into losses, float64."""
    return units / UNIT
