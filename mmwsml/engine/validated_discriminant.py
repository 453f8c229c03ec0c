"""What validation says of discriminants, and what is chosen by it."""

from typing import List, NamedTuple, Sequence

import numpy as np
import torch
from mmpretrain.structures import DataSample
from torch import Tensor

from mmwsml.evaluation.functional import average_precision
from mmwsml.structures import dense_labels
from mmwsml.structures.processes import gather_array

from .multinomial_discriminant import Layer
from .validated_choice import choose_by_class, choose_for_all

#: What the competition is where nothing measures it.
COMPETITION = 0.5
#: Average precision that is lost, as a rule, where the competition is 1, or
#: the shrinkage 10 times, away from where it should be.
LOSS = 0.05


class Choice(NamedTuple):
    """How the classes compete."""

    #: The place of the shrinkage, the same for all, in the list.
    place: int
    #: Float64 ``(K,)`` in [0, 1].
    competition: np.ndarray


class ValidationLogits:
    """Logits of validation images, of a choice at several shrinkages.

    They take 4 S K bytes an image, of all images on each process.

    Args:
        layers (Sequence[Layer]): S of them, one of each shrinkage.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = layers
        self.num_classes = len(layers[0].bias)
        # Of no image: a process may have none.
        shape = len(layers), self.num_classes
        self._logits = [np.empty((0, *shape), np.float32)]
        self._known = [np.empty((0, 2, self.num_classes), bool)]

    def add(self, features: Tensor, samples: Sequence[DataSample]) -> None:
        """Take in a batch.

        Args:
            features (Tensor): Float ``(N, C)``.
            samples (Sequence[DataSample]): The N samples; without
                ``neg_label`` labels are complete.
        """
        features = features.double().cpu()
        logits = [
            features @ layer.weight.T + layer.bias for layer in self.layers
        ]
        self._logits.append(torch.stack(logits, 1).float().numpy())
        self._known.append(
            np.stack([_read(sample, self.num_classes) for sample in samples])
        )

    def gather(self) -> 'ValidationLogits':
        """Meet what the other processes have."""
        #: Float32 ``(V, S, K)``.
        self.logits = gather_array(np.concatenate(self._logits))
        known = gather_array(np.concatenate(self._known))
        #: Bool ``(V, K)``.
        self.target, self.observed = known[:, 0], known[:, 1]
        return self

    def choose(
        self,
        shrinkage: Sequence[float],
        competition: Sequence[float],
        default: float,
    ) -> Choice:
        """Choose a shrinkage for all classes, and the competition of each.

        Args:
            shrinkage (Sequence[float]): Of the layers.
            competition (Sequence[float]): To choose from, G of them.
            default (float): The shrinkage to expect.
        """
        away = np.log10(np.divide(shrinkage, default))[:, None]
        off = np.subtract(competition, COMPETITION)
        prior = -LOSS * (away**2 + off**2)
        precision = np.stack(
            [self._measure(place, competition) for place in range(len(prior))]
        )
        count = self.target.sum(0)
        table = precision.reshape(prior.size, -1)
        best = choose_for_all(table, count, prior.ravel())
        place = best // len(competition)
        own = choose_by_class(precision[place], count, prior[place])
        return Choice(place, np.asarray(competition, float)[own])

    def _measure(self, place: int, competition: Sequence[float]) -> np.ndarray:
        """Compute the average precision of each, float64 ``(G, K)``."""
        logits = self.logits[:, place]
        rivals = np.logaddexp.reduce(logits, 1)[:, None]
        rows: List[np.ndarray] = [
            average_precision(
                logits - share * rivals, self.target, self.observed
            )
            for share in competition
        ]
        return np.stack(rows)


def _read(sample: DataSample, num_classes: int) -> np.ndarray:
    """Say which classes are positive, and which observed, ``(2, K)``."""
    negative = sample.get('neg_label')
    labels = dense_labels(
        [sample.gt_label],
        None if negative is None else [negative],
        num_classes,
        torch.device('cpu'),
    )
    return np.stack([labels.target[0].bool(), labels.observed[0]])
