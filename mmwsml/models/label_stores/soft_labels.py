"""Unobserved labels that are likely negatives, with the score they had."""

from fractions import Fraction

import numpy as np
import torch
from torch import Tensor

from mmwsml.structures.checks import check_number

from ...registry import MODELS
from ...structures.global_batch import GlobalBatch
from ...structures.known_labels import KnownLabels
from ...structures.labels import Labels
from .dense_label_store import DenseLabelStore


@MODELS.register_module()
class SoftLabels(DenseLabelStore):
    """APL: the lowest scores of each class become soft negatives, for good.

    After each epoch from ``begin`` on, except the last, all training images
    are predicted (:class:`mmwsml.FullPassHook`). Of the unobserved labels of
    each class that are not soft yet, the lowest ``share`` * U / (T -
    ``begin``) scores, rounded down, with U the unobserved labels of the class
    and T the epochs, become targets: an unobserved label whose target is the
    score that it had. Equal scores go by the key of the image. A loss must
    expect them, such as ``EntropyMaximization`` with a ``beta``.

    It takes 4 bytes an entry on each process, and in a checkpoint: COCO 21
    MB (65,665 x 80), NUS-WIDE 49 MB (150,000 x 81), Open Images V3 68 GB
    (3.4 million x 5,000), which is refused where the machine has less memory.
    While it learns, it takes another byte an entry.

    Paper: asymmetric pseudo-labelling of `Acknowledging the Unknown for
    Multi-label Learning with Single Positive Labels
    <https://arxiv.org/abs/2203.16219>`_ (ECCV 2022). The official code keeps
    observed negatives and soft labels in one array; here they are never
    confused.

    Args:
        begin (int): First epoch, from 1, that labels are chosen after; the
            run must be longer. Published: 5 (VOC, COCO), 4 (NUS-WIDE), 3
            (CUB). Defaults to 5.
        share (float): Of the unobserved labels of a class that are soft in
            the end, in (0, 1]. Defaults to 0.9, the published one.

    Raises:
        TypeError: If ``begin`` is no integer.
        ValueError: If ``begin`` or ``share`` is out of range.
    """

    content = 'soft'  # a probability; 0 where a label is not soft
    dtype = np.float32
    needs_labels = True
    gives_soft = True

    def __init__(self, begin: int = 5, share: float = 0.9) -> None:
        super().__init__(begin)
        check_number('share', share, 0, 1, '(]')
        self.share = share

    def start(self, known: KnownLabels) -> None:
        """Begin anew, as the base; which labels are soft depends on these."""
        super().start(known)
        self.known = known

    def read(
        self, batch: GlobalBatch, target: Tensor, observed: Tensor
    ) -> Labels:
        """Put the scores into the targets of unobserved labels.

        Raises:
            ValueError: If an image is not one of the training set's.
        """
        # (N, K), 0 where a label is not soft; it stays unobserved.
        soft = self._find(batch, target.device).to(target.dtype)
        return Labels(torch.where(observed, target, soft), observed)

    def take_logits(
        self, logits: np.ndarray, epoch: int, num_epochs: int
    ) -> None:
        """Choose labels of each class; arguments as in the base."""
        marks = self.known.marks(self.rows.keys, self.num_classes)
        # The same number after each pass, which add up to `share`; exact,
        # so that rounding down never loses one to a binary fraction.
        share = Fraction(str(self.share)) / (num_epochs - self.begin)
        for label in range(self.num_classes):
            unobserved = marks[:, label] == 0
            left = unobserved & (self.table[:, label] == 0)
            rows = left.nonzero()[0]  # ascending keys: they break ties
            num_wanted = int(share * int(unobserved.sum()))
            values = logits[rows, label]
            lowest = _lowest(values, min(num_wanted, len(rows)))
            self.table[rows[lowest], label] = _scores(values[lowest])


def _lowest(values: np.ndarray, number: int) -> np.ndarray:
    """Find the places of the lowest values, of equal ones the first."""
    if number == 0:
        return np.empty(0, np.int64)
    # In linear time, where a sort of millions would not be.
    last = np.partition(values, number - 1)[number - 1]
    chosen = values < last
    ties = (values == last).nonzero()[0]
    chosen[ties[: number - chosen.sum()]] = True
    return chosen.nonzero()[0]


def _scores(logits: np.ndarray) -> np.ndarray:
    """Compute the sigmoid, as float32 that is above 0."""
    with np.errstate(over='ignore'):  # exp(inf): a score of 0
        scores = 1 / (1 + np.exp(-logits.astype(np.float64)))
    return np.maximum(scores.astype(np.float32), np.finfo(np.float32).tiny)
