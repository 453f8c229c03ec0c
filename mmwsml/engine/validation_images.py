"""Features and labels of the validation images of all processes."""

from typing import NamedTuple, Sequence

import numpy as np
import torch
from mmpretrain.structures import DataSample
from torch import Tensor

from mmwsml.evaluation.functional import average_precision
from mmwsml.evaluation.positive_unlabeled import positive_unlabeled
from mmwsml.models.heads.checks import sample_id_of
from mmwsml.structures import dense_labels, hash64
from mmwsml.structures.processes import gather_array


class ValidationImages(NamedTuple):
    """V images on each process: 4 C + 2 K + 8 bytes each."""

    #: What a linear layer receives, float32 ``(V, C)``.
    features: Tensor
    #: Bool ``(V, K)``.
    target: np.ndarray
    #: Bool ``(V, K)``.
    observed: np.ndarray
    #: Hashes of the ``sample_id``, int64 ``(V,)``.
    keys: np.ndarray

    def raised(self, power: float) -> 'ValidationImages':
        """Raise the features, which are not negative, to a power."""
        return self._replace(features=self.features**power)

    def measure(self, scores: np.ndarray) -> np.ndarray:
        """Compute average precisions, in [0, 1], ``(K,)``; NaN: of nothing.

        Where all classes are of positives alone, it is the area under the ROC
        curve, with what is unobserved as absent, that measures them; unless no
        image shows two labels: then the best rival of a shown label would
        win, not the best model of what is there.

        Args:
            scores (ndarray): Float ``(V, K)``.
        """
        found = average_precision(scores, self.target, self.observed)
        if np.isnan(found).all() and (self.target.sum(1) > 1).any():
            return positive_unlabeled(scores, self.target).auc
        return found


class ValidationReader:
    """Takes in the validation images of a process, batch by batch.

    Args:
        num_features (int): C.
        num_classes (int): K.
    """

    def __init__(self, num_features: int, num_classes: int) -> None:
        self.num_classes = num_classes
        # Of no image: a process may have none.
        self._features = [np.empty((0, num_features), np.float32)]
        self._labels = [np.empty((0, 2, num_classes), bool)]
        self._keys = [np.empty(0, np.int64)]

    def add(self, features: Tensor, samples: Sequence[DataSample]) -> None:
        """Take in a batch.

        Args:
            features (Tensor): Float ``(N, C)``.
            samples (Sequence[DataSample]): The N samples; without
                ``neg_label`` labels are complete.
        """
        self._features.append(features.float().cpu().numpy())
        labels = [self._read(sample) for sample in samples]
        self._labels.append(np.stack(labels))
        keys = [hash64(sample_id_of(sample)) for sample in samples]
        self._keys.append(np.array(keys, np.int64))

    def gather(self) -> ValidationImages:
        """Meet what the other processes have, on all of them."""
        labels = gather_array(np.concatenate(self._labels))
        return ValidationImages(
            torch.from_numpy(gather_array(np.concatenate(self._features))),
            labels[:, 0],
            labels[:, 1],
            gather_array(np.concatenate(self._keys)),
        )

    def _read(self, sample: DataSample) -> np.ndarray:
        """Say which classes are positive, and which observed, ``(2, K)``."""
        negative = sample.get('neg_label')
        labels = dense_labels(
            [sample.gt_label],
            None if negative is None else [negative],
            self.num_classes,
            torch.device('cpu'),
        )
        return np.stack([labels.target[0].bool(), labels.observed[0]])
