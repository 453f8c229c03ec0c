"""Training to rank observed positives above all else."""

from typing import ClassVar, Dict

import torch
from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step

from .loss_result import LossResult
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class PairwiseRanking(PartialLabelLoss):
    """PR: hinge of each observed positive against each other label.

    max(0, 1 - p_i + p_j), summed over the observed positives i and over the
    labels j that are not (unobserved, or observed negatives) of an image;
    the sum over images is divided by N * K.

    Scores lie in [0, 1], so that the hinge is never below its corner and the
    sum over pairs is U P - U sum_i p_i + P sum_j p_j, with P positives and U
    others: O(N K) in time and memory.

    Args:
        **options: ``loss_weight`` of :class:`PartialLabelLoss`; its others
            are refused.

    Paper: The pairwise hinge of `Deep Convolutional Ranking for Multilabel
    Image Annotation <https://arxiv.org/abs/1312.4894>`_ (ICLR 2014), on
    probabilities.
    """

    accepts = ('partial', 'complete')
    refuses: ClassVar[Dict[str, str]] = dict(
        class_weight='a pair belongs to two classes',
        pos_weight='a pair has a positive and another label',
        label_smoothing='it compares scores and has no targets',
    )

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Sum over pairs, divide by N * K."""
        positive, other = target, 1 - target
        # 1 - p, exact also where p rounds to 1.
        lacking = torch.sigmoid(-logits)
        scores = torch.sigmoid(logits)
        pairs = (positive * lacking).sum(1) * other.sum(1)
        pairs = pairs + positive.sum(1) * (other * scores).sum(1)
        return LossResult(pairs.sum() / logits.numel())
