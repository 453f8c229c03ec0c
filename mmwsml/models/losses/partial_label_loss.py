"""What all losses of partial labels have in common."""

from typing import Optional, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


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
    #: ``hash64`` of the N sample ids, int64 ``(N,)``, set by the head: an
    #: order of the images that does not depend on their place in the batch.
    sample_keys: Optional[Tensor] = None

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
            by N: K times the loss, and the learning rate, of the paper.)

        Raises:
            ValueError: If the shapes differ.
        """
        if not logits.shape == target.shape == observed.shape:
            raise ValueError(
                '`logits`, `target` and `observed` must share one shape '
                f'(N, K), but got {tuple(logits.shape)}, '
                f'{tuple(target.shape)} and {tuple(observed.shape)}.'
            )
        # Half becomes float; double stays, so that gradients can be checked.
        dtype = torch.promote_types(logits.dtype, torch.float32)
        return self.compute(logits.to(dtype), target.to(dtype), observed)

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor
    ) -> Tensor:
        """Compute the loss; arguments and result as in :meth:`forward`."""
        raise NotImplementedError


def mean_bce(
    logits: Tensor, target: Tensor, weight: Optional[Tensor] = None
) -> Tensor:
    """Average the binary cross-entropy over all N * K entries.

    Args:
        logits (Tensor): Class scores before sigmoid, float ``(N, K)``.
        target (Tensor): Float ``(N, K)`` in [0, 1].
        weight (Tensor, optional): Of each entry, ``(N, K)``; the mean still
            divides by N * K. Defaults to None.

    Returns:
        Tensor: Scalar; exact for logits of any size (log-sigmoid, no epsilon).
    """
    return F.binary_cross_entropy_with_logits(logits, target, weight)
