"""What LL-R, LL-Ct and LL-Cp share: which entries they modify."""

from typing import Any, Optional, Union

import torch
from torch import Tensor

from mmwsml.models.selections import Selection
from mmwsml.registry import MODELS
from mmwsml.structures import Step
from mmwsml.structures.checks import check_number

from .partial_label_loss import PartialLabelLoss


class LargeLoss(PartialLabelLoss):
    """Base of the losses that modify the largest losses of a batch.

    In the unobserved part of a batch a large loss means "probably positive":
    the network learns true negatives first and memorises the missing
    positives later.

    Args:
        selection (dict | Selection, optional): Which entries are modified:
            ``mmwsml.TopKSelection``, the paper's, or
            ``mmwsml.ClassWiseSelection``. Defaults to None:
            ``dict(type='mmwsml.TopKSelection')``.
        unobserved_weight (float): Of the loss of an unobserved label that
            stays negative, in (0, 1]; WAN's is 1 / (K - 1). Defaults to 1.
        **options: Those of :class:`PartialLabelLoss`; none changes which
            losses are the largest.

    Raises:
        ValueError: If ``unobserved_weight`` is out of range.
    """

    modifies = True

    def __init__(
        self,
        selection: Union[dict, Selection, None] = None,
        unobserved_weight: float = 1.0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        check_number('unobserved_weight', unobserved_weight, 0, 1, '(]')
        selection = selection or dict(type='mmwsml.TopKSelection')
        self.selection: Selection = (
            MODELS.build(selection)
            if isinstance(selection, dict)
            else selection
        )
        self.reads = ('ranking', *self.selection.reads)
        self.unobserved_weight = unobserved_weight

    def prepare(self, num_classes: int) -> None:
        """Refuse what does not fit K classes; make room for thresholds."""
        super().prepare(num_classes)
        self.selection.prepare(num_classes)

    def select(self, logits: Tensor, observed: Tensor, step: Step) -> Tensor:
        """Choose the entries to modify.

        The loss of an unobserved label as a negative, softplus of the logit,
        grows with the logit: the largest logits are the largest losses.

        Returns:
            Tensor: Bool ``(N, K)``.

        Raises:
            RuntimeError: In training, when no hook has told how many.
            ValueError: If ``ranking`` has another shape.
        """
        scores = logits if step.ranking is None else step.ranking
        if scores.shape != logits.shape:
            raise ValueError(
                f'`ranking` must have the shape {tuple(logits.shape)} of the '
                f'logits, but has {tuple(scores.shape)}: rank by scores of '
                'the same classes.'
            )
        return self.selection(scores, observed, step)

    def weigh_unobserved(self, positive: Tensor) -> Optional[Tensor]:
        """Weigh labels that stay negative without having been observed.

        Args:
            positive (Tensor): Labels that weigh 1, bool ``(N, K)``.

        Returns:
            Tensor | None: Float ``(N, K)``; None where all weigh 1.
        """
        if self.unobserved_weight == 1:
            return None
        weight = torch.full_like(
            positive, self.unobserved_weight, dtype=torch.float32
        )
        return weight.masked_fill(positive, 1)
