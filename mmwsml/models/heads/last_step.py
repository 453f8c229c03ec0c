"""What a step of training leaves, and finding out that it diverged."""

from typing import Optional

from torch import Tensor

from mmwsml.structures import Download, GlobalBatch

from ..losses.loss_result import LossResult


class LastStep:
    """A step of which nobody has seen yet whether its numbers are finite.

    Hooks read what it did. One number, which comes back from a GPU while it
    works on, tells whether the loss and all logits are finite, since some
    losses are finite where a logit is not; the logits name the image.

    Args:
        batch (GlobalBatch): The N images.
        logits (Tensor): Class scores before sigmoid, ``(N, K)``.
        result (LossResult): What the loss gave back.

    Raises:
        ValueError: If they are on the CPU and not finite.
    """

    def __init__(
        self, batch: GlobalBatch, logits: Tensor, result: LossResult
    ) -> None:
        self.batch = batch
        #: Without gradient.
        self.logits = logits.detach()
        #: What the loss modified, bool ``(N, K)``; None of one that does not.
        self.modified = result.modified
        finite = result.value.detach().isfinite()
        finite = finite & self.logits.isfinite().all()
        self._finite: Optional[Download] = Download(finite)
        if not result.value.is_cuda:
            self.check()

    def check(self) -> None:
        """Stop the run if it diverged.

        Raises:
            ValueError: If the logits, or else the loss, were not finite.
        """
        if self._finite is None:  # seen to be sound
            return
        if self._finite.arrays()[0]:
            self._finite = None
            return
        finite = self.logits.isfinite().all(1).tolist()
        broken = [i for i, ok in zip(self.batch.sample_ids, finite) if not ok]
        if not broken:
            raise ValueError(
                'The loss is too large for float32: lower the learning rate.'
            )
        raise ValueError(
            f'{len(broken)} of {len(finite)} images have logits that are not '
            f'finite, the first {broken[0]}: the training diverged; lower the '
            'learning rate, or look at the image.'
        )
