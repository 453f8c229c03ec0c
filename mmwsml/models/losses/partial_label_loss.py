"""What all losses of partial labels have in common."""

from typing import Optional, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmwsml.structures import GlobalBatch


class PartialLabelLoss(nn.Module):
    """Base of the losses: ``(logits, target, observed)`` to a scalar.

    A method is one subclass that implements :meth:`compute`.
    """

    #: Kinds of labels it can train on.
    accepts: Tuple[str, ...] = ('partial',)
    #: Whether it changes labels, which a label store may keep.
    modifies: bool = False
    #: Entries it changed in the last step, bool ``(N, K)``, or None.
    modified: Optional[Tensor] = None
    #: The N images among those of all processes, set by the head; None: there
    #: are no others.
    batch: Optional[GlobalBatch] = None
    #: The epoch, from 1, and the number of epochs, set by a schedule hook.
    progress: Optional[Tuple[int, int]] = None

    def forward(
        self, logits: Tensor, target: Tensor, observed: Tensor
    ) -> Tensor:
        """Compute the loss of one batch, in float32 also under autocast.

        Args:
            logits (Tensor): Class scores before sigmoid, float ``(N, K)``.
            target (Tensor): 1 for an observed positive, else 0, float
                ``(N, K)``.
            observed (Tensor): Whether a label is annotated, bool ``(N, K)``.

        Returns:
            Tensor: Scalar, a mean over N * K. (The heads of MMPretrain divide
            by N: K times the loss, and the learning rate, of the paper.) Its
            mean over processes is the mean over the global batch.

        Raises:
            ValueError: If the shapes differ.
        """
        if not logits.shape == target.shape == observed.shape:
            raise ValueError(
                '`logits`, `target` and `observed` must share one shape '
                f'(N, K), but got {tuple(logits.shape)}, '
                f'{tuple(target.shape)} and {tuple(observed.shape)}.'
            )
        if logits.dtype not in (torch.float32, torch.float64):
            logits = logits.float()  # double is for checks of gradients
        loss = self.compute(logits, target.to(logits.dtype), observed)
        if self.batch is None or self.batch.share == 1:
            return loss
        return loss * self.batch.share

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor
    ) -> Tensor:
        """Average over N * K; arguments and result as in :meth:`forward`."""
        raise NotImplementedError


def mean_bce(
    logits: Tensor, target: Tensor, weight: Optional[Tensor] = None
) -> Tensor:
    """Average the binary cross-entropy over all N * K entries.

    Args:
        logits (Tensor): Class scores before sigmoid, float ``(N, K)``.
        target (Tensor): Float ``(N, K)`` in [0, 1].
        weight (Tensor, optional): Of each entry, float or bool ``(N, K)``;
            the mean still divides by N * K. Defaults to None.

    Returns:
        Tensor: Scalar; exact for logits of any size (log-sigmoid, no epsilon).
    """
    return F.binary_cross_entropy_with_logits(logits, target, weight)
