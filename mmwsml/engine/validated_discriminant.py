"""What validation says of discriminants, and what is chosen by it."""

from typing import NamedTuple, Sequence, Union

import numpy as np
import torch
from torch import Tensor

from .linear_discriminant import FeatureSums
from .multinomial_discriminant import Layer
from .validated_choice import choose_by_class, choose_for_all
from .validation_images import ValidationImages

#: What the competition is where nothing measures it.
COMPETITION = 0.25
#: Average precision that is lost, as a rule, where the competition is 1, or
#: the shrinkage 10 times, away from where it should be.
LOSS = 0.05
#: Weights of what validation labels say, to choose from.
WEIGHTS = (0, 0.25, 0.5, 1, 2)
#: The one that is good, as a rule, where nothing measures it.
WEIGHT = 0.5
FOLDS = 5


class Choice(NamedTuple):
    """How the classes compete."""

    #: The place of the shrinkage, the same for all, in the list.
    place: int
    #: Float64 ``(K,)`` in [0, 1].
    competition: np.ndarray


def choose_competition(
    images: ValidationImages,
    layers: Sequence[Layer],
    away: Sequence[float],
    competition: Sequence[float],
) -> Choice:
    """Choose a shrinkage for all classes, and the competition of each.

    Args:
        images (ValidationImages): With complete labels, or partial ones.
        layers (Sequence[Layer]): One of each of S shrinkages.
        away (Sequence[float]): These, in multiples of the one to expect.
        competition (Sequence[float]): To choose from, G of them.
    """
    off = np.subtract(competition, COMPETITION)
    prior = -LOSS * (np.log10(away)[:, None] ** 2 + off**2)
    count = images.target.sum(0)
    table = np.stack(
        [
            [
                images.measure(compete(images.features, layer, share))
                for share in competition
            ]
            for layer in layers
        ]
    )
    best = choose_for_all(table.reshape(prior.size, -1), count, prior.ravel())
    place = best // len(competition)
    own = choose_by_class(table[place], count, prior[place])
    return Choice(place, np.asarray(competition, float)[own])


def compete(
    features: Tensor, layer: Layer, competition: Union[float, np.ndarray]
) -> np.ndarray:
    """Compute logits of a choice, float64 ``(N, K)``.

    Args:
        features (Tensor): Float ``(N, C)``.
        layer (Layer): The layer.
        competition (float | ndarray): One, or that of each class, ``(K,)``.
    """
    logits = (features.double() @ layer.weight.T + layer.bias).numpy()
    rivals = np.logaddexp.reduce(logits, 1, keepdims=True)
    return logits - np.asarray(competition) * rivals


def choose_alone(
    images: ValidationImages,
    layers: Sequence[Layer],
    away: Sequence[float],
) -> int:
    """Choose the place of a shrinkage for classes that stand alone.

    Args:
        images (ValidationImages): With complete labels, or partial ones.
        layers (Sequence[Layer]): One of each shrinkage.
        away (Sequence[float]): These, in multiples of the one to expect.
    """
    table = [
        images.measure(compete(images.features, layer, 0)) for layer in layers
    ]
    prior = -LOSS * np.log10(away) ** 2
    return choose_for_all(np.stack(table), images.target.sum(0), prior)


class LearnedLabels(NamedTuple):
    """What complete validation labels say, and how well."""

    #: The linear discriminant of all of them.
    layer: Layer
    #: Logits of each image by the discriminant of the other folds, without
    #: its bias, ``(V, K)``.
    left_out: np.ndarray


def cross_fit(images: ValidationImages) -> LearnedLabels:
    """Learn validation labels, and those of each fold from the others.

    Args:
        images (ValidationImages): With complete labels.

    Raises:
        ValueError: If labels are partial, or there is nothing to learn.
    """
    if not images.observed.all():
        raise ValueError(
            'Validation labels can be learned from where they are complete, '
            f'but {int((~images.observed).sum())} of {images.observed.size} '
            'are not observed: set learn_validation=False.'
        )
    fold, left_out = images.keys % FOLDS, np.zeros(images.target.shape)
    # Where a fold holds many positives of a class, the others hold few, and
    # their bias would rank all of the fold below the rest: each is centred.
    centred = images.features.double() - images.features.double().mean(0)
    for number in range(FOLDS):
        kept = torch.from_numpy(fold == number)
        layer = _discriminate(images, ~kept)
        left_out[kept.numpy()] = (centred[kept] @ layer.weight.T).numpy()
    layer = _discriminate(images, torch.ones(len(fold), dtype=torch.bool))
    return LearnedLabels(layer, left_out)


def choose_weights(
    images: ValidationImages, logits: np.ndarray, learned: LearnedLabels
) -> np.ndarray:
    """Choose how much of what validation labels say is added, by class.

    The weight is the one with which what is left out, added to the logits,
    ranks the images best; it is shrunk towards that of all classes and, with
    few positives, towards 1/2.

    Args:
        images (ValidationImages): With complete labels.
        logits (ndarray): What is added to, float ``(V, K)``.
        learned (LearnedLabels): Of :func:`cross_fit`.

    Returns:
        ndarray: Float64 ``(K,)``.
    """
    table = [
        images.measure(logits + weight * learned.left_out)
        for weight in WEIGHTS
    ]
    prior = -LOSS * np.subtract(WEIGHTS, WEIGHT) ** 2
    own = choose_by_class(np.stack(table), images.target.sum(0), prior)
    return np.array(WEIGHTS, float)[own]


def weigh_labels(
    images: ValidationImages, logits: np.ndarray, learned: LearnedLabels
) -> Layer:
    """Weight a layer of validation labels by :func:`choose_weights`.

    Args:
        images (ValidationImages): With complete labels.
        logits (ndarray): What the layer will be added to, float ``(V, K)``.
        learned (LearnedLabels): Of :func:`cross_fit`.
    """
    weight = torch.from_numpy(choose_weights(images, logits, learned))
    layer = learned.layer
    return Layer(weight[:, None] * layer.weight, weight * layer.bias)


def _discriminate(images: ValidationImages, kept: Tensor) -> Layer:
    """Tell each class from all else by the images that are kept."""
    target = torch.from_numpy(images.target)[kept]
    sums = FeatureSums(
        images.features.shape[1], target.shape[1], target.device
    )
    sums.add(images.features[kept], target)
    found = sums.solve()
    return Layer(found.weight, found.bias)
