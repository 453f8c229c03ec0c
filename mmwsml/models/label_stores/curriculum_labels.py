"""Labels that the network is sure of, found anew after each epoch."""

import numpy as np
import torch
from torch import Tensor

from ...registry import MODELS
from ...structures.global_batch import GlobalBatch
from ...structures.labels import Labels
from .dense_label_store import DenseLabelStore

ROWS = 4096  # that are labelled at a time


@MODELS.register_module()
class CurriculumLabels(DenseLabelStore):
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

    #: 1 positive, -1 negative, 0 unsure, annotated labels included.
    content = 'marks'
    dtype = np.int8

    def __init__(self, theta: float = 2.0, begin: int = 1) -> None:
        if not 0 < theta < float('inf'):
            raise ValueError(
                '`theta` must be a finite logit above 0, so that no label is '
                f'positive and negative, but got {theta!r}.'
            )
        super().__init__(begin)
        self.theta = theta

    def read(
        self, batch: GlobalBatch, target: Tensor, observed: Tensor
    ) -> Labels:
        """Observe what the network was sure of.

        Raises:
            ValueError: If an image is not one of the training set's.
        """
        marks = self._find(batch, target.device)  # (N, K)
        # What is annotated is not overruled, however sure the network is.
        added = (marks != 0) & ~observed
        target = torch.where(added, (marks > 0).to(target.dtype), target)
        return Labels(target, observed | added)

    def take_logits(
        self, logits: np.ndarray, epoch: int, num_epochs: int
    ) -> None:
        """Label all images anew; arguments as in the base."""
        for first in range(0, len(logits), ROWS):
            block = logits[first : first + ROWS]
            positive, negative = block > self.theta, block < -self.theta
            marks = self.table[first : first + ROWS]
            np.subtract(positive, negative, out=marks, dtype=np.int8)
