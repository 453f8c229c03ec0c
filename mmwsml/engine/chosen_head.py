"""Which head in closed form a run takes."""

from typing import NamedTuple, Optional, Sequence

import numpy as np

from .linear_discriminant import FeatureSums
from .multinomial_discriminant import Layer, MultinomialDiscriminant
from .validated_choice import choose_for_all
from .validated_discriminant import (
    COMPETITION,
    choose_alone,
    choose_competition,
    compete,
)
from .validation_images import ValidationImages


class ChosenHead(NamedTuple):
    """A layer, and how it is used."""

    layer: Layer
    #: Of the features.
    power: float
    #: Float64 ``(K,)`` in [0, 1].
    competition: np.ndarray
    shrinkage: float


def choose_head(
    images: Optional[ValidationImages],
    alone: FeatureSums,
    choice: MultinomialDiscriminant,
    power: float,
    shrinkages: Sequence[float],
    competition: Sequence[float],
) -> ChosenHead:
    """Choose between classes that compete and classes that stand alone.

    Args:
        images (ValidationImages, optional): Their features are as they are.
            None: the classes compete as is expected without a measurement.
        alone (FeatureSums): Of the features as they are.
        choice (MultinomialDiscriminant): Of the features to the power.
        power (float): 1, or another of features that are not negative.
        shrinkages (Sequence[float]): To choose from.
        competition (Sequence[float]): To choose from.

    Raises:
        ValueError: As :meth:`FeatureSums.solve`.
    """
    default, *discriminants = alone.solve_each([None, *shrinkages])
    expected, num_classes = default.shrinkage, len(default.known)
    if images is None:
        degree = np.full(num_classes, COMPETITION)
        return ChosenHead(choice.layer(expected), power, degree, expected)
    away = [value / expected for value in shrinkages]
    layers = [choice.layer(value) for value in shrinkages]
    raised = images.raised(power)
    place, degree = choose_competition(raised, layers, away, competition)
    single = [Layer(found.weight, found.bias) for found in discriminants]
    best = choose_alone(images, single, away)
    heads = (
        ChosenHead(layers[place], power, degree, shrinkages[place]),
        ChosenHead(single[best], 1.0, np.zeros(num_classes), shrinkages[best]),
    )
    table = []
    for head in heads:
        features = images.raised(head.power).features
        scores = compete(features, head.layer, head.competition)
        table.append(images.measure(scores))
    count = images.target.sum(0)
    return heads[choose_for_all(np.stack(table), count, np.zeros(2))]
