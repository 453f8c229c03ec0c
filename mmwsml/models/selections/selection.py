"""The one interface of what selects the labels to modify."""

from typing import Tuple

from torch import Tensor, nn

from mmwsml.structures import Step


class Selection(nn.Module):
    """Base of the selections: scores and observed labels to a mask."""

    #: Fields of the step that say how many entries to mark.
    reads: Tuple[str, ...] = ()

    def prepare(self, num_classes: int) -> None:
        """Learn the number of classes, K, when the head is built."""

    def forward(self, scores: Tensor, observed: Tensor, step: Step) -> Tensor:
        """Mark the entries to modify, all of them unobserved.

        Args:
            scores (Tensor): What entries are ranked by, float ``(N, K)``:
                the logits, as the loss of an unobserved entry, softplus of
                the logit, grows with it; or scores of another model.
            observed (Tensor): Entries that are never marked, bool ``(N, K)``.
            step (Step): How many, and the N images among those of all
                processes, which take part with theirs.

        Returns:
            Tensor: Bool ``(N, K)``, without a gradient.

        Raises:
            RuntimeError: In training, if the step does not say how many.
        """
        raise NotImplementedError
