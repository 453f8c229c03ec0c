"""A linear layer in closed form, from sums over the training images."""

from typing import Any, List, NamedTuple, Optional, Sequence

import torch
from torch import Tensor

#: Shrinkages to choose from, in multiples of the mean variance of a feature.
GRID = torch.logspace(-4, 4, 81, dtype=torch.float64)


class Discriminant(NamedTuple):
    """Weights of K logits over C features, float64."""

    #: ``(K, C)``; 0 where a class cannot be told.
    weight: Tensor
    #: ``(K,)``.
    bias: Tensor
    #: bool ``(K,)``: classes with observed positives, not in all images.
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
        kind: Any = dict(dtype=torch.float64, device=device)
        #: Of ``[1, x] [1, x]^T``, ``(C + 1, C + 1)``.
        self.products = torch.zeros(num_features + 1, num_features + 1, **kind)
        #: Of ``y [1, x]^T``, ``(K, C + 1)``.
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

    def solve(self, shrinkage: Optional[float] = None) -> Discriminant:
        """Tell each class from all else by linear discriminant analysis.

        A class of share p, whose mean d lies away from that of the other
        images, has the weight w = (W + r I)^-1 d, where W is the covariance
        within the two groups, and r the shrinkage times the mean variance of
        a feature. The bias puts the boundary, where the shares are equal,
        half-way: log(p / (1 - p)) - w^T (sum of both means) / 2. By the
        formula of Sherman and Morrison w = A d / (1 - p (1 - p) d^T A d), with
        A the same of all classes, from the covariance of all images.

        Args:
            shrinkage (float, optional): Above 0. Defaults to None: the best
                of :data:`GRID` by generalised cross-validation of ridge
                regression, which has the same directions, averaged over the
                classes. (Golub, Heath and Wahba, 1979, `Generalized
                Cross-Validation as a Method for Choosing a Good Ridge
                Parameter <https://doi.org/10.1080/00401706.1979.10489751>`_.)

        Raises:
            ValueError: If the features are not finite or do not vary, or no
                class has observed positives in some images and not in others.
        """
        return self.solve_each([shrinkage])[0]

    def solve_each(
        self, shrinkages: Sequence[Optional[float]]
    ) -> List[Discriminant]:
        """Make a layer of each shrinkage, as :meth:`solve`.

        Args:
            shrinkages (Sequence[float, optional]): Of each.

        Raises:
            ValueError: As :meth:`solve`.
        """
        products, positives = self.products.cpu(), self.positives.cpu()
        num_images = products[0, 0]
        mean, share = (
            products[0, 1:] / num_images,
            positives[:, 0] / num_images,
        )
        known = (share > 0) & (share < 1)
        check_contrast(products.diagonal()[1:] / num_images, mean, known)
        share = share[known]
        variance = share * (1 - share)
        # Of each feature with each label: p (1 - p) d.
        common = positives[known, 1:] / num_images - share.outer(mean)
        covariance = products[1:, 1:] / num_images - mean.outer(mean)
        values, vectors = torch.linalg.eigh(covariance)
        values, rotated = values.clamp(min=0), common @ vectors
        explained = (rotated.square() / variance[:, None]).mean(0)
        default = choose_shrinkage(explained, values, num_images)
        middle = mean + ((0.5 - share) / variance)[:, None] * common
        layers = []
        for given in shrinkages:
            shrinkage = default if given is None else given
            ridge = rotated / (values + shrinkage * values.mean())
            # p (1 - p) d^T A d, what they explain of a label's variance
            part = (ridge * rotated).sum(1) / variance
            weight = ridge @ vectors.T / (variance * (1 - part))[:, None]
            bias = torch.logit(share) - (weight * middle).sum(1)
            rows = torch.zeros_like(positives)
            rows[known] = torch.cat([bias[:, None], weight], 1)
            layers.append(
                Discriminant(rows[:, 1:], rows[:, 0], known, shrinkage)
            )
        return layers


class NoContrastError(ValueError):
    """Features or labels of training images that tell nothing."""


def check_contrast(squares: Tensor, mean: Tensor, known: Tensor) -> None:
    """Refuse features, of these mean squares, and labels that tell nothing."""
    variance = (squares - mean.square()).mean()
    rounding = 1e-12 * squares.mean()
    if not (torch.isfinite(squares).all() and variance > rounding):
        raise NoContrastError(
            'The features of the training images must be finite and differ, '
            f'but their mean variance is {variance:g} and their mean square '
            f'{squares.mean():g}: look at the weights of the backbone and at '
            'the images.'
        )
    if not known.any():
        raise NoContrastError(
            'A class needs observed positives in some of the training images '
            f'and not in others, but none of {len(known)} has: look at the '
            'labels.'
        )


def choose_shrinkage(
    explained: Tensor, values: Tensor, num_images: Tensor
) -> float:
    """Choose the shrinkage of the least error on images that are left out.

    Args:
        explained (Tensor): Squared covariance of a standardised label with
            each principal component, the mean over the labels, ``(C,)``.
        values (Tensor): Variance of each component, ``(C,)``.
        num_images (Tensor): A scalar.
    """
    ridge = GRID[:, None] * values.mean()
    error = 1 - ((values + 2 * ridge) / (values + ridge).square()) @ explained
    freedom = 1 + (values / (values + ridge)).sum(1)
    scores = error / (1 - freedom / num_images).square()
    return GRID[scores.argmin()].item()
