"""Labels that follow from those of similar images and similar classes."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmwsml.registry import MODELS
from mmwsml.structures import Step
from mmwsml.structures.checks import check_integer, check_number

from ..checks import require
from .loss_result import LossResult
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class InteractiveMultiLabel(PartialLabelLoss):
    """IMCL: observed labels, and labels that are smooth over similar images.

    The cross-entropy of observed labels (its sum over N * K), plus
    ``smoothness`` times the mean over N * K of

        (y_n - sum_m a_nm y_m G)^2,

    where y is 1 for an observed positive, -1 for an observed negative and
    2 p - 1 for an unobserved label; a_nm is the similarity of the images n and
    m; G are the similarities of the classes, learned with the network. As in
    the paper: known labels take the place of predictions, few images explain
    an image, all predictions and G have a gradient, the similarities of the
    images have none but follow the features of each step.

    Ours, and simpler: a_n is a softmax over the cosines of the features, over
    0.1, of the ``num_neighbors`` nearest images of the mini-batch, where the
    paper finds a sparse code of features and labels in a dictionary of
    images. G = I + U V, which begins at I and has rank ``rank`` above it, so
    that 5,000 classes cost 2 * 5,000 * ``rank`` numbers, where the paper
    begins with co-occurrences in texts. ``smoothness`` is constant, where the
    paper's code sets it by the losses of the first steps. The defaults were
    not tuned.

    The neighbours are those of the same process: with more processes, or
    smaller batches, they are others. An image alone has none and is not
    smoothed. Class weights act on both terms, smoothing of labels on the
    first. ``head.loss_module`` has weights that only training needs.

    Args:
        num_classes (int): K.
        smoothness (float): Weight of the second term. Defaults to 0.25.
        num_neighbors (int): Images that explain an image. Defaults to 3.
        rank (int): Of the learned part of G. Defaults to 16.
        **options: Those of :class:`PartialLabelLoss`.

    Paper: `Interactive Multi-Label CNN Learning with Partial Labels
    <https://openaccess.thecvf.com/content_CVPR_2020/html/Huynh_Interactive_Multi-Label_CNN_Learning_With_Partial_Labels_CVPR_2020_paper.html>`_
    (CVPR 2020).

    Raises:
        TypeError: If ``smoothness`` is not a number.
        ValueError: If it is negative, a count is less than 1, or
            ``num_classes`` is not that of the head.
    """

    needs_negatives = True
    reads = ('features',)
    temperature = 0.1

    def __init__(
        self,
        num_classes: int,
        smoothness: float = 0.25,
        num_neighbors: int = 3,
        rank: int = 16,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        check_number('smoothness', smoothness, 0)
        check_integer('num_neighbors', num_neighbors, 1)
        check_integer('rank', rank, 1)
        self.num_classes = num_classes
        self.smoothness = smoothness
        self.num_neighbors = num_neighbors
        # From a class to its factors and back; G begins at the identity.
        self.factor = nn.Parameter(torch.randn(num_classes, rank) / 10)
        self.mixture = nn.Parameter(torch.zeros(rank, num_classes))

    def check_num_classes(self, num_classes: int) -> None:
        """Refuse another number of classes than the similarities have."""
        super().check_num_classes(num_classes)
        if num_classes != self.num_classes:
            raise ValueError(
                f'InteractiveMultiLabel has num_classes={self.num_classes}, '
                f'but there are {num_classes} classes: set '
                f'`model.head.loss.num_classes={num_classes}`.'
            )

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Add the two terms, each a mean over N * K.

        Raises:
            RuntimeError: If the step has no ``features``.
        """
        known = self.mean_bce(logits, target, observed.to(logits.dtype))
        # What is known takes the place of what is predicted.
        score = torch.where(observed, target, torch.sigmoid(logits))
        signed = 2 * score - 1
        features = require(step.features, 'features', self)
        similarity = self._similarity(features).to(logits.dtype)  # (N, N)
        explained = similarity @ self._mix(signed)  # (N, K)
        residual = (signed - explained) ** 2
        if len(logits) == 1:  # nobody explains it
            residual = 0 * residual
        rough = self.weigh(residual).mean()
        return LossResult(known + self.smoothness * rough)

    def _mix(self, signed: Tensor) -> Tensor:
        """Add to each label what similar classes say, ``(N, K)``."""
        factor = self.factor.to(signed.dtype)
        return signed + signed @ factor @ self.mixture.to(signed.dtype)

    def _similarity(self, features: Tensor) -> Tensor:
        """Compare each image to its nearest others, float ``(N, N)``.

        Returns:
            Tensor: Rows sum to 1; the diagonal is 0.
        """
        features = features.float()
        if features.dim() > 2:  # a map
            features = features.flatten(2).mean(2)
        directions = F.normalize(features)
        cosine = directions @ directions.T
        count = min(self.num_neighbors, len(cosine) - 1)
        cosine.fill_diagonal_(-2)  # below any cosine
        nearest, index = cosine.topk(count)
        # As in the paper few images explain one, and sharply.
        shares = torch.softmax(nearest / self.temperature, 1)
        return torch.zeros_like(cosine).scatter(1, index, shares)
