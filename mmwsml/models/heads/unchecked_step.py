"""Finding out, without waiting for a GPU, that training has diverged."""

from torch import Tensor

from mmwsml.structures import Download, GlobalBatch


class UncheckedStep:
    """A step of which nobody has seen yet whether its numbers are finite.

    One number tells, of the loss and of all logits, since some losses are
    finite where a logit is not; the logits are kept to name the image.

    Args:
        batch (GlobalBatch): The N images.
        loss (Tensor): Scalar.
        logits (Tensor): Class scores before sigmoid, ``(N, K)``.

    Raises:
        ValueError: If they are on the CPU and not finite.
    """

    def __init__(
        self, batch: GlobalBatch, loss: Tensor, logits: Tensor
    ) -> None:
        self.batch = batch
        self.logits = logits.detach()
        finite = loss.detach().isfinite() & self.logits.isfinite().all()
        self._finite = Download(finite)
        if not loss.is_cuda:
            self.check()

    def check(self) -> None:
        """Stop the run if it diverged.

        Raises:
            ValueError: If the logits, or else the loss, were not finite.
        """
        if self._finite.arrays()[0]:
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
