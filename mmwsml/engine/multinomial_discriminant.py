"""Discriminant analysis of which label of an image is observed."""

from typing import NamedTuple

import torch
from torch import Tensor

from .linear_discriminant import check_contrast


class Layer(NamedTuple):
    """A linear layer of K classes over C features, float64."""

    #: ``(K, C)``; 0 for a class that was never chosen.
    weight: Tensor
    #: ``(K,)``.
    bias: Tensor


class ChoiceSums:
    """What multinomial discriminant analysis needs to know of N images.

    Sums over images can be added over batches and processes, in any order.
    They take 8 (C + 1) (C + K + 1) + 8 K^2 bytes, as much as
    :class:`FeatureSums`.

    Args:
        num_features (int): C.
        num_classes (int): K.
        device (torch.device): Where to add.
    """

    def __init__(
        self, num_features: int, num_classes: int, device: torch.device
    ) -> None:
        rows, width = num_classes, num_features + 1
        parts = [
            torch.zeros(size, dtype=torch.float64, device=device)
            for size in ((width, width), (rows, width), (rows, rows))
        ]
        #: Of ``[1, x] [1, x]^T``, ``(C + 1, C + 1)``; of ``t [1, x]^T``,
        #: ``(K, C + 1)``; of ``t t^T``, ``(K, K)``.
        self.products, self.choices, self.pairs = parts

    def add(self, features: Tensor, target: Tensor) -> None:
        """Take in a batch.

        Args:
            features (Tensor): Float ``(N, C)``.
            target (Tensor): Float ``(N, K)``, 1 for an observed positive, 0
                for anything else. The positives of an image share it.
        """
        target = target.double()
        shares = target / target.sum(1, keepdim=True).clamp(min=1)
        rows = torch.nn.functional.pad(features.double(), (1, 0), value=1.0)
        self.products.addmm_(rows.T, rows)
        self.choices.addmm_(shares.T, rows)
        self.pairs.addmm_(shares.T, shares)

    def solve(self) -> 'MultinomialDiscriminant':
        """Tell the classes from each other by discriminant analysis.

        Raises:
            ValueError: If the features are not finite or do not vary, or no
                class was chosen in some images and not in others.
        """
        return MultinomialDiscriminant(
            self.products.cpu(), self.choices.cpu(), self.pairs.cpu()
        )


class MultinomialDiscriminant:
    """Linear discriminant analysis of a choice, at any shrinkage.

    An image counts for each of its L observed positives with 1 / L, as in
    `Exploring the Limits of Weakly Supervised Pretraining
    <https://arxiv.org/abs/1805.00932>`_ (ECCV 2018). With M_k the mean of the
    images of class k, so weighted, m that of all images, and W the covariance
    of what the class means leave of an image (one without a positive has no
    class mean), w_k = (W + r I)^-1 (M_k - m), where r is the shrinkage times
    the mean variance of a feature, and the bias is log(share of k) - w_k^T
    (M_k + m) / 2. A class that is never chosen has the share of half an
    image, and no weights.

    Args:
        products (Tensor): Of :class:`ChoiceSums`.
        choices (Tensor): Likewise.
        pairs (Tensor): Likewise.

    Raises:
        ValueError: As :meth:`ChoiceSums.solve`.
    """

    def __init__(
        self, products: Tensor, choices: Tensor, pairs: Tensor
    ) -> None:
        self.num_images = num_images = products[0, 0]
        mean, share = products[0, 1:] / num_images, choices[:, 0] / num_images
        squares = products[1:, 1:] / num_images
        variance = pairs.diagonal() / num_images - share.square()
        #: bool ``(K,)``: classes chosen in some images and not in all.
        self.known = (share > 0) & (variance > 1e-12)
        check_contrast(squares.diagonal(), mean, self.known)
        means = choices[:, 1:] / choices[:, :1].clamp(min=1e-300)
        means[share == 0] = mean
        shared = (choices[:, 1:].T @ means) / num_images
        rest = mean - share @ means
        within = squares - shared - shared.T - rest.outer(rest)
        within += means.T @ (pairs / num_images) @ means
        values, self._vectors = torch.linalg.eigh(within)
        self._values = values.clamp(min=0)
        self._away = (means - mean) @ self._vectors
        self._middle = (means + mean) / 2
        self._log_share = share.clamp(min=0.5 / num_images).log()

    def layer(self, shrinkage: float) -> Layer:
        """Make the layer.

        Args:
            shrinkage (float): In multiples of the mean variance of a feature
                within the classes, above 0.
        """
        ridge = self._values + shrinkage * self._values.mean()
        weight = (self._away / ridge) @ self._vectors.T
        bias = self._log_share - (weight * self._middle).sum(1)
        return Layer(weight, bias)
