"""A selection of ours: a share of each class, by a threshold that follows."""

from typing import Optional

import torch
from torch import Tensor

from mmwsml.models.checks import require
from mmwsml.registry import MODELS
from mmwsml.structures import GlobalBatch, Step
from mmwsml.structures.checks import check_number

from .selection import Selection

WINDOW = 2000  # images over which mean and spread of the scores are taken
UNIT = 2.0**-16  # of the integers in which scores are summed
LIMIT = 64.0  # scores beyond it count as it in mean and spread


@MODELS.register_module()
class ClassWiseSelection(Selection):
    """Mark, of each class, the unobserved entries above its threshold.

    The thresholds follow the scores so that a given share of the unobserved
    entries of each class lies above: after each step, threshold += ``step`` *
    spread * (a - q n) / (1 + 2 * ``step`` * n q (1 - q)), with n unobserved
    entries of the class in the global batch, a of them above the threshold, q
    the share, and the running standard deviation of the scores as spread. It
    is stochastic quantile tracking, damped as a Newton step is, so that it
    does not swing in large batches. It needs no pass over the data and no
    memory of images: 4 K numbers.

    Mean and spread are those of all images seen up to ``WINDOW``, and then
    forget: a batch of B images weighs max(B / images seen, B / ``WINDOW``). A
    threshold begins two spreads above the mean of the class's first batch.

    All is summed in integers, which know no order: the same global batch
    gives the same thresholds on any number of processes, and they are in the
    checkpoint, as weights of the loss. ``ClassWiseScheduleHook`` tells the
    ``shares``. Source: none, it is ours.

    Args:
        step (float): In (0, 1]: the larger, the faster a threshold follows
            and the more it trembles. Defaults to 0.1.

    Raises:
        TypeError: If ``step`` is not a number.
        ValueError: If it is out of range.
    """

    reads = ('shares',)
    threshold: Tensor
    mean: Tensor
    spread: Tensor
    num_images: Tensor

    def __init__(self, step: float = 0.1) -> None:
        super().__init__()
        check_number('step', step, 0, 1, '(]')
        self.step = step

    def prepare(self, num_classes: int) -> None:
        """Make room for the thresholds."""
        for name in ('threshold', 'mean', 'spread'):
            zeros = torch.zeros(num_classes, dtype=torch.float64)
            self.register_buffer(name, zeros)
        zeros = torch.zeros(num_classes, dtype=torch.long)
        self.register_buffer('num_images', zeros)

    def reset(self) -> None:
        """Forget all scores that were seen."""
        for buffer in self.buffers():
            buffer.zero_()

    def forward(self, scores: Tensor, observed: Tensor, step: Step) -> Tensor:
        """Mark entries by the thresholds, and let these follow in training.

        Where a score is not finite nothing is marked.

        Raises:
            RuntimeError: In training, if the step has no ``shares``.
        """
        shares = step.shares
        if self.training:
            shares = require(shares, 'shares', self)
        if shares is None:
            return torch.zeros_like(observed)
        scores = scores.double()
        counted = ~observed & scores.isfinite()
        if self.training:
            self._look(scores, counted, step.batch)
        # Marked by the thresholds of before: then they follow what was above.
        above = counted & (scores > self.threshold)
        if self.training:
            self._follow(counted, above, shares, step.batch)
        if step.warm_up:
            return torch.zeros_like(observed)
        return above & (shares > 0)

    def _look(
        self, scores: Tensor, counted: Tensor, batch: Optional[GlobalBatch]
    ) -> None:
        """Update mean and spread; begin two spreads above the mean."""
        # Sums of integers are the same in any order, so on any number of
        # processes; each is (K,).
        clipped = scores.nan_to_num().clamp(-LIMIT, LIMIT)
        whole = (clipped / UNIT).round().long() * counted
        count, first, second = _sum_over_all(
            batch, counted.long(), whole, whole * whole
        ).double()
        n = count.clamp(min=1)
        mean = first / n * UNIT
        variance = (second / n * UNIT**2 - mean**2).clamp(min=0)
        seen = self.num_images
        size = len(scores) if batch is None else batch.num_images
        # A plain mean of all that was seen at first, a moving one later.
        weight = (size / (seen + size)).clamp(min=min(1.0, size / WINDOW))
        weight = weight * (count > 0)
        change = mean - self.mean
        # With that between batches: a batch of one has none inside.
        variance = variance + (1 - weight) * change**2
        self.mean += weight * change
        self.spread.copy_(
            ((1 - weight) * self.spread**2 + weight * variance).sqrt()
        )
        begin = self.mean + 2 * self.spread
        self.threshold.copy_(torch.where(seen == 0, begin, self.threshold))
        self.num_images += size * (count > 0)

    def _follow(
        self,
        counted: Tensor,
        above: Tensor,
        q: Tensor,
        batch: Optional[GlobalBatch],
    ) -> None:
        """Move the thresholds towards the shares ``q``, ``(K,)``."""
        n, a = _sum_over_all(batch, counted.long(), above.long()).double()
        # The more images in a batch, the smaller the step of each.
        damping = 1 + 2 * self.step * n * q * (1 - q)
        # Up where more than q was above, down where less: it settles at the
        # quantile, and follows it while the network learns.
        self.threshold += self.step * self.spread * (a - q * n) / damping


def _sum_over_all(batch: Optional[GlobalBatch], *parts: Tensor) -> Tensor:
    """Sum integers ``(N, K)`` over the images of all processes.

    Returns:
        Tensor: int64 ``(len(parts), K)``.
    """
    sums = torch.stack([part.sum(0) for part in parts])
    return sums if batch is None else batch.gather(sums).sum(0)
