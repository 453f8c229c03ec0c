"""Labels that the network is sure of, found anew after each epoch."""

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

ROWS = 4096  # that are labelled at a time


class CurriculumLabels(LabelStore):
    """Label for one epoch what the network is sure of after the last one.

    After each epoch from ``begin`` on, but not after the last, all training
    images are scored (``FullPassHook``). Until the next pass an unobserved
    label is an observed positive where its logit is above ``theta``, an
    observed negative where it is below ``-theta``, and unobserved otherwise.
    Annotated labels stay as they are.

    A pair takes 1 byte on each process and in a checkpoint: 5.3 MB for COCO
    (65,665 x 80), 17 GB for Open Images V3 (3.4 million x 5,000).

    Paper: the score-threshold strategy of `Learning a Deep ConvNet for
    Multi-label Classification with Partial Labels
    <https://arxiv.org/abs/1902.09720>`_ (CVPR 2019). Not built: its graph
    neural network, and its other strategies, among them the one by Bayesian
    uncertainty. The default of ``theta`` is ours: the published value could
    not be checked.

    Args:
        theta (float): Least size of the logit, above 0. Defaults to 2.0, a
            score of 0.88 or 0.12.
        begin (int): Epoch, from 1, after which labels are first added.
            Defaults to 1.

    Raises:
        TypeError: If ``begin`` is no integer.
        ValueError: If ``theta`` is not positive, or ``begin`` less than 1.
    """

    stateful = True

    def __init__(self, theta: float = 2.0, begin: int = 1) -> None:
        if not 0 < theta < float('inf'):
            raise ValueError(
                '`theta` must be a finite logit above 0, so that no label is '
                f'positive and negative, but got {theta!r}.'
            )
        check_begin(begin)
        self.theta = theta
        self.begin = begin
        self.rows = ImageRows(np.empty(0, np.int64))
        #: 1 positive, -1 negative, 0 unsure, int8 ``(M, K)``, annotated
        #: labels included.
        self.marks = np.zeros((0, 0), np.int8)

    def start(self, known: KnownLabels) -> None:
        """Forget all labels, and name the images of the training set.

        Raises:
            ValueError: If the labels take more than the machine's memory.
        """
        self.rows = ImageRows(known.keys)
        shape = len(self.rows), self.num_classes
        refuse_bytes(
            f'CurriculumLabels, {shape[0]} images x {shape[1]} classes,',
            shape[0] * shape[1],
            'train on fewer images or classes, or choose another method',
        )
        self.marks = np.zeros(shape, np.int8)

    def read(
        self, batch: GlobalBatch, target: Tensor, observed: Tensor
    ) -> Labels:
        """Observe what the network was sure of.

        Raises:
            ValueError: If an image is not one of the training set's.
        """
        marks = torch.from_numpy(self.marks[self.rows.of(batch)])
        marks = upload(marks, target.device)
        added = (marks != 0) & ~observed
        target = torch.where(added, (marks > 0).to(target.dtype), target)
        return Labels(target, observed | added)

    def wants_logits(self, epoch: int, num_epochs: int) -> bool:
        """Whether an epoch follows that the labels are for."""
        return self.begin <= epoch < num_epochs

    def take_logits(
        self, logits: np.ndarray, epoch: int, num_epochs: int
    ) -> None:
        """Label all images anew; arguments as in the base."""
        for first in range(0, len(logits), ROWS):
            block = logits[first : first + ROWS]
            positive, negative = block > self.theta, block < -self.theta
            marks = self.marks[first : first + ROWS]
            np.subtract(positive, negative, out=marks, dtype=np.int8)

    def snapshot(self) -> dict:
        """Return the labels, a byte a pair.

        Returns:
            dict[str, Tensor]: ``key``, the ``hash64`` of the images,
            ascending int64 ``(M,)``, and ``marks``, int8 ``(M, K)``.
        """
        return save_table(self.rows, 'marks', torch.from_numpy(self.marks))

    def restore(self, state: dict) -> None:
        """Take over the labels of :meth:`snapshot`.

        Raises:
            ValueError: If the state is not one of labels of the same images
                and classes.
        """
        marks = load_table(state, self.rows, 'marks', self.num_classes)
        self.marks = marks.cpu().numpy().copy()
