"""A linear layer in closed form, from sums over the training images."""

from typing import NamedTuple, Optional

import torch
from torch import Tensor

#: Shrinkages to choose from, in multiples of the mean variance of a feature.
GRID = torch.logspace(-4, 4, 81, dtype=torch.float64)


class LinearLayer(NamedTuple):
    """Weights of K logits over C features, float64."""

    #: ``(K, C)``; 0 where a class cannot be told.
    weight: Tensor
    #: ``(K,)``.
    bias: Tensor
    #: bool ``(K,)``: classes with observed positives, but not in all images.
    known: Tensor
    #: In multiples of the mean variance of a feature.
    shrinkage: float


class FeatureSums:
    """What linear discriminant analysis needs to know of N images.

    Sums over images can be added over batches and processes, in any order.
    They take 8 (C + 1) (C + K + 1) bytes: 13 MB for 1,280 features and 18
    classes, 116 MB for 2,048 and 5,000.

    Args:
        num_features (int): C.
        num_classes (int): K.
        device (torch.device): Where to add.
    """

    def __init__(
        self, num_features: int, num_classes: int, device: torch.device
    ) -> None:
        kind = dict(dtype=torch.float64, device=device)
        #: Of [1, x] [1, x]^T, ``(C + 1, C + 1)``.
        self.products = torch.zeros(num_features + 1, num_features + 1, **kind)
        #: Of y [1, x]^T, ``(K, C + 1)``.
        self.positives = torch.zeros(num_classes, num_features + 1, **kind)

    def add(self, features: Tensor, target: Tensor) -> None:
        """Take in a batch.

        Args:
            features (Tensor): Float ``(N, C)``.
            target (Tensor): Float ``(N, K)``, 1 for an observed positive, 0
                for anything else.
        """
        rows = torch.nn.functional.pad(features.double(), (1, 0), value=1.0)
        self.products.addmm_(rows.T, rows)
        self.positives.addmm_(target.double().T, rows)

    def solve(self, shrinkage: Optional[float] = None) -> LinearLayer:
        """Tell each class from all else by linear discriminant analysis.

        With the covariance S of all images' features, a class of mean m_1
        and share p has the weight w = A d / (1 - p (1 - p) d^T A d), where
        d = m_1 - m_0 is the distance to the mean of the other images and
        A = (S + shrinkage s I)^-1, s the mean variance of a feature: the
        covariance within the classes, shrunk. The bias is
        log(p / (1 - p)) - w^T (m_1 + m_0) / 2.

        Args:
            shrinkage (float, optional): Above 0. Defaults to None: the best
                of :data:`GRID` by generalised cross-validation of the same
                directions, which are those of ridge regression, averaged over
                the classes. (Golub, Heath and Wahba, 1979, `Generalized
                Cross-Validation as a Method for Choosing a Good Ridge
                Parameter <https://doi.org/10.1080/00401706.1979.10489751>`_.)

        Raises:
            ValueError: If the features are not finite or do not vary, or no
                class has observed positives in some images and not in others.
        """
        products, positives = self.products.cpu(), self.positives.cpu()
        size, mean = products[0, 0], products[0, 1:] / products[0, 0]
        share = positives[:, 0] / size
        known = (share > 0) & (share < 1)
        covariance = products[1:, 1:] / size - mean.outer(mean)
        _check(covariance, known)
        # What a feature and a label have in common: p (1 - p) d.
        common = positives[:, 1:] / size - share.outer(mean)
        values, vectors = torch.linalg.eigh(covariance)
        values = values.clamp(min=0)
        common, rotated = common[known], common[known] @ vectors
        share, scale = share[known], values.mean()
        variance = share * (1 - share)
        if shrinkage is None:
            explained = rotated.square() / variance[:, None]
            scores = [
                _cross_validate(explained, values, ratio * scale, size)
                for ratio in GRID
            ]
            shrinkage = GRID[torch.stack(scores).argmin()].item()
        ridge = rotated / (values + shrinkage * scale)
        # p (1 - p) d^T A d, the part of a label's variance that they explain
        part = (ridge * rotated).sum(1) / variance
        weight = ridge @ vectors.T / (variance * (1 - part))[:, None]
        first = positives[known, 1:] / positives[known, :1]
        middle = mean + (0.5 - share)[:, None] * (first - mean) / (
            1 - share[:, None]
        )
        bias = torch.logit(share) - (weight * middle).sum(1)
        layer = weight.new_zeros(self.positives.shape)
        layer[known] = torch.cat([bias[:, None], weight], 1)
        return LinearLayer(layer[:, 1:], layer[:, 0], known, shrinkage)


def _check(covariance: Tensor, known: Tensor) -> None:
    scale = covariance.diagonal().mean()
    if not (torch.isfinite(covariance).all() and scale > 0):
        raise ValueError(
            'The features of the training images must be finite and differ, '
            f'but their mean variance is {scale:g}: look at the weights of '
            'the backbone and at the images.'
        )
    if not known.any():
        raise ValueError(
            'A class needs observed positives in some of the training images '
            f'and not in others, but none of {len(known)} has: look at the '
            'labels.'
        )


def _cross_validate(
    explained: Tensor, values: Tensor, ridge: Tensor, size: Tensor
) -> Tensor:
    """Score a ridge by the error on images that are left out, lower is better.

    Args:
        explained (Tensor): Squared covariances of the standardised labels
            with each principal component, ``(K, C)``.
        values (Tensor): Variance of each component, ``(C,)``.
        ridge (Tensor): Added to them, a scalar.
        size (Tensor): Images, a scalar.
    """
    shrunk = (values + 2 * ridge) / (values + ridge).square()
    error = 1 - (explained * shrunk).sum(1).mean()
    freedom = 1 + (values / (values + ridge)).sum()
    return error / (1 - freedom / size).square()
