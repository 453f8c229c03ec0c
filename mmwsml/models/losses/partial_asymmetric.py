"""Asymmetric focusing that tells unobserved from negative labels."""

from fractions import Fraction
from typing import Any, Optional, Sequence

import torch
from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step
from mmwsml.structures.checks import check_integer, check_number

from ..checks import check_length, check_vector
from ..selections.select_largest import select_largest
from .asymmetric import negative_losses, positive_losses
from .loss_result import LossResult
from .partial_label_loss import PartialLabelLoss

KINDS = ('positive', 'negative', 'unobserved')


@MODELS.register_module()
class PartialAsymmetric(PartialLabelLoss):
    """P-ASL, and CSL: asymmetric loss, leaving likely positives out.

    As :class:`Asymmetric`, with a gamma of its own for unobserved labels,
    which count as negative, and without a gradient of the focal weight
    (that factor is a constant in the step). Out of the sum are left the
    ``num_likely`` * N unobserved labels of the largest scores, ranked over
    all processes, and unobserved labels of classes that are likely anywhere.

    Args:
        gamma_positive (float): At least 0. Defaults to 0.
        gamma_negative (float): Of observed negatives, at least 0; published
            are 1 to 3. Defaults to 2.
        gamma_unobserved (float): At least 0. Defaults to 4.
        margin (float): As in :class:`Asymmetric`. Defaults to 0.05.
        num_likely (int): Labels left out, an image in the mean, at least 0.
            Defaults to 5.
        class_prior (Sequence[float], optional): K probabilities, the mean
            scores of an earlier run. Defaults to None.
        prior_threshold (float): In [0, 1]; classes whose prior is larger are
            left out where unobserved. Defaults to 0.5.
        **options: Those of :class:`PartialLabelLoss`.

    Paper: `Multi-label Classification with Partial Annotations using
    Class-aware Selective Loss <https://arxiv.org/abs/2110.10955>`_ (CVPR
    2022).
    """

    modifies = True
    likely_classes: Optional[Tensor]

    def __init__(
        self,
        gamma_positive: float = 0.0,
        gamma_negative: float = 2.0,
        gamma_unobserved: float = 4.0,
        margin: float = 0.05,
        num_likely: int = 5,
        class_prior: Optional[Sequence[float]] = None,
        prior_threshold: float = 0.5,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.gammas = gamma_positive, gamma_negative, gamma_unobserved
        for kind, gamma in zip(KINDS, self.gammas):
            check_number(f'gamma_{kind}', gamma, 0)
        check_number('margin', margin, 0, 1, '[)')
        check_vector('class_prior', class_prior, 1)
        check_number('prior_threshold', prior_threshold, 0, 1)
        check_integer('num_likely', num_likely, 0)
        self.margin = margin
        self.num_likely = num_likely
        likely = None
        if class_prior is not None:
            likely = torch.tensor(class_prior) > prior_threshold
        self.register_buffer('likely_classes', likely, persistent=False)

    def check_num_classes(self, num_classes: int) -> None:
        """Refuse a prior of another number of classes."""
        super().check_num_classes(num_classes)
        check_length('class_prior', self.likely_classes, num_classes)

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Average over N * K, what is left out as 0."""
        num_classes = logits.shape[1]
        rate = Fraction(min(self.num_likely, num_classes), num_classes)
        # Likely to be positive: neither pushed down nor pulled up.
        ignored = select_largest(logits, observed, rate, 'all', step.batch)
        if self.likely_classes is not None:
            ignored = ignored | (self.likely_classes & ~observed)
        terms = self._terms(logits, target, observed)
        return LossResult(terms.masked_fill(ignored, 0).mean(), ignored)

    def _terms(
        self, logits: Tensor, target: Tensor, observed: Tensor
    ) -> Tensor:
        """Weigh down what is easy, of each kind by its gamma, ``(N, K)``."""
        positive, negative, unobserved = self.gammas
        p = torch.sigmoid(logits.detach())  # focus is a constant of the step
        shifted = (p - self.margin).clamp(min=0)
        focus = torch.where(observed, shifted**negative, shifted**unobserved)
        negative_terms = focus * negative_losses(logits, 0, self.margin)
        focus = torch.sigmoid(-logits.detach()) ** positive
        positive_terms = focus * positive_losses(logits, 0)
        return self.blend(target, positive_terms, negative_terms)
