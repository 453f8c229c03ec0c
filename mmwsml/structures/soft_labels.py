"""Unobserved labels that are likely negatives, with the score they had."""

from fractions import Fraction

import numpy as np
import torch
from torch import Tensor

from .checks import check_begin
from .global_batch import GlobalBatch
from .image_rows import ImageRows
from .known_labels import KnownLabels
from .label_store import LabelStore
from .labels import Labels
from .memory_limit import refuse_bytes
from .table_state import load_table, save_table
from .transfer import upload


class SoftLabels(LabelStore):
    """APL: the lowest scores of each class become soft negatives, for good.

    After each epoch from ``begin`` on, except the last, all training images
    are predicted (:class:`mmwsml.FullPassHook`). Of the unobserved labels of
    each class that are not soft yet, the lowest ``share`` * U / (T -
    ``begin``) scores, rounded down, with U the unobserved labels of the class
    and T the epochs, become targets: an unobserved label whose target is the
    score that it had. Equal scores go by the key of the image. A loss must
    expect them, such as ``EntropyMaximization`` with a ``beta``.

    It takes 4 bytes an entry on each process, and in a checkpoint: COCO 26
    MB (82,081 x 80), NUS-WIDE 49 MB (150,000 x 81), Open Images V3 68 GB
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

    stateful = True
    needs_labels = True
    gives_soft = True

    def __init__(self, begin: int = 5, share: float = 0.9) -> None:
        check_begin(begin)
        if not 0 < share <= 1:
            raise ValueError(f'`share` must be in (0, 1], but got {share!r}.')
        self.begin = begin
        self.share = share
        self.rows = ImageRows(np.empty(0, np.int64))
        #: 0 where a label is not soft, float32 ``(M, K)``.
        self.soft = np.empty((0, 0), np.float32)

    def start(self, known: KnownLabels) -> None:
        """Forget all soft labels; images and labels are those of training.

        Raises:
            ValueError: If the machine has too little memory.
        """
        self.known = known
        self.rows = ImageRows(known.keys)
        shape = len(self.rows), self.num_classes
        refuse_bytes(
            f'SoftLabels, {shape[0]} images x {shape[1]} classes,',
            4 * shape[0] * shape[1],
            'train on fewer images or classes, or without the store',
        )
        self.soft = np.zeros(shape, np.float32)

    def read(
        self, batch: GlobalBatch, target: Tensor, observed: Tensor
    ) -> Labels:
        """Put the scores into the targets of unobserved labels.

        Raises:
            ValueError: If an image is not one of the training set's.
        """
        soft = torch.from_numpy(self.soft[self.rows.of(batch)])
        soft = upload(soft.to(target.dtype), target.device)
        return Labels(torch.where(observed, target, soft), observed)

    def wants_logits(self, epoch: int, num_epochs: int) -> bool:
        """Whether ``begin`` is reached and not all is over."""
        return self.begin <= epoch < num_epochs

    def take_logits(
        self, logits: np.ndarray, epoch: int, num_epochs: int
    ) -> None:
        """Choose labels of each class; arguments as in the base."""
        marks = self.known.marks(self.rows.keys, self.num_classes)
        share = Fraction(str(self.share)) / (num_epochs - self.begin)
        for label in range(self.num_classes):
            unobserved = marks[:, label] == 0
            left = unobserved & (self.soft[:, label] == 0)
            rows = left.nonzero()[0]
            num_wanted = int(share * int(unobserved.sum()))
            values = logits[rows, label]
            lowest = _lowest(values, min(num_wanted, len(rows)))
            self.soft[rows[lowest], label] = _scores(values[lowest])

    def snapshot(self) -> dict:
        """Return the soft labels, 4 bytes an entry.

        Returns:
            dict[str, Tensor]: ``key``, the ``hash64`` of the images,
            ascending int64 ``(M,)``, and ``soft``, float32 ``(M, K)``.
        """
        return save_table(self.rows, 'soft', torch.from_numpy(self.soft))

    def restore(self, state: dict) -> None:
        """Take over the soft labels of :meth:`snapshot`.

        Raises:
            ValueError: If the state is not one of the same images and
                classes.
        """
        soft = load_table(state, self.rows, 'soft', self.num_classes)
        self.soft = soft.cpu().numpy().copy()


def _lowest(values: np.ndarray, number: int) -> np.ndarray:
    """Find the places of the lowest values, of equal ones the first."""
    if number == 0:
        return np.empty(0, np.int64)
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
