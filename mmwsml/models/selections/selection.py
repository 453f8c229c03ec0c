"""The one interface of what selects the labels to modify."""

from typing import Optional

from torch import Tensor, nn

from mmwsml.structures import GlobalBatch


class Selection(nn.Module):
    """Base of the selections: scores and observed labels to a mask."""

    def prepare(self, num_classes: int) -> None:
        """Learn the number of classes, K, when the head is built."""

    def forward(
        self,
        scores: Tensor,
        observed: Tensor,
        batch: Optional[GlobalBatch] = None,
    ) -> Tensor:
        """Mark the entries to modify, all of them unobserved.

        Args:
            scores (Tensor): What entries are ranked by, float ``(N, K)``:
                the logits, as the loss of an unobserved entry, softplus of
                the logit, grows with it; or scores of another model.
            observed (Tensor): Entries that are never marked, bool ``(N, K)``.
            batch (GlobalBatch, optional): The N images among those of all
                processes, which take part with theirs. Defaults to None:
                there are no others.

        Returns:
            Tensor: Bool ``(N, K)``, without a gradient.

        Raises:
            RuntimeError: In training, when no hook has told how many.
        """
        raise NotImplementedError
