"""Estimates of all labels, learned with the network."""

import math
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...registry import MODELS
from ...structures.global_batch import GlobalBatch
from ...structures.image_rows import ImageRows
from ...structures.known_labels import KnownLabels
from ...structures.memory_limit import refuse_parameter
from ...structures.processes import num_processes
from ...structures.transfer import upload
from .label_store import LabelStore
from .table_state import load_table, save_table

#: Where q of observed labels begins, and how far from 0.5 the others may.
OBSERVED = 0.995
UNOBSERVED = 0.6
#: Parameter, gradient and the two moments of Adam; several processes have
#: the gradient twice.
COPIES = 4
ROWS = 4096  # that are drawn at a time


@MODELS.register_module()
class LabelEstimates(LabelStore, nn.Module):
    """Free logits of every label of every image, learned by their gradient.

    q = sigmoid(logit) begins at 0.995 for an observed positive, at 0.005 for
    an observed negative, and between 0.4 and 0.6 for the rest, uniformly in
    the logit. The draw depends on the seed and on the images, in the order of
    their keys, alone. A loss that uses estimates, such as
    ``RegularizedOnlineLabelEstimation``, moves them with the network. Give
    them the paper's learning rate, ten times that of the network, and no
    weight decay::

        optim_wrapper = dict(
            paramwise_cfg=dict(
                custom_keys={'label_store': dict(lr_mult=10, decay_mult=0)}
            )
        )

    (``decay_mult`` only where the optimizer has a ``weight_decay``.)

    They are no weights of the model: its ``state_dict`` leaves them out, and
    a checkpoint holds them as the label store.

    The parameter takes 4 bytes a pair on each process, training with Adam 16:
    1.5 MB for VOC (4,574 x 20), 84 MB for COCO (65,665 x 80), 272 GB for Open
    Images V3 (3.4 million x 5,000), of which the parameter is 68 GB. Several
    processes take 20 each, and add up their gradients, 4 bytes a pair, in
    every step. What machine or GPU cannot hold is refused.

    Paper: ROLE of `Multi-Label Learning from Single Positive Labels
    <https://arxiv.org/abs/2106.09708>`_ (CVPR 2021).

    Args:
        num_images (int): M, images of the training set: the optimizer is
            built before it is read.
        seed (int): Names the draw. Defaults to 0.

    Raises:
        ValueError: If ``num_images`` is not positive.
    """

    stateful = True
    needs_labels = True
    gives_estimates = True

    def __init__(self, num_images: int, seed: int = 0) -> None:
        super().__init__()
        if num_images < 1:
            raise ValueError(
                f'`num_images` must be at least 1, but got {num_images}: give '
                'the number of images of the training set.'
            )
        self.num_images = num_images
        self.seed = seed
        self.rows = ImageRows(np.empty(0, np.int64))

    def prepare(self, num_classes: int) -> None:
        """Make the parameter, for the optimizer to find.

        Raises:
            ValueError: If training it takes more than the memory.
        """
        super().prepare(num_classes)
        refuse_parameter(
            f'Training LabelEstimates with Adam, {self.num_images} images x '
            f'{num_classes} classes,',
            4 * self.num_images * num_classes,
            COPIES + (num_processes() > 1),
            'train on fewer images or classes, or choose a method without '
            'estimates; a model that only predicts needs none: set '
            '`model.head.label_store=None`',
        )
        logits = torch.zeros(self.num_images, num_classes)
        self.logits = nn.Parameter(logits)

    def start(self, known: KnownLabels) -> None:
        """Begin anew, with the observed labels of the training set.

        Raises:
            ValueError: If it has another number of images than
                ``num_images``.
        """
        rows = ImageRows(known.keys)
        if len(rows) != self.num_images:
            raise ValueError(
                f'LabelEstimates has num_images={self.num_images}, but the '
                f'training set has {len(rows)} images: set '
                f'`model.head.label_store.num_images={len(rows)}`.'
            )
        self.rows = rows
        marks = known.marks(rows.keys, self.num_classes)
        generator = torch.Generator().manual_seed(self.seed)
        # Uniform in the logit, not in q: the parameter is the logit.
        spread, observed = _logit(UNOBSERVED), _logit(OBSERVED)
        for first in range(0, len(marks), ROWS):
            mark = torch.from_numpy(marks[first : first + ROWS])
            drawn = torch.empty(mark.shape)
            drawn.uniform_(-spread, spread, generator=generator)
            drawn[mark > 0], drawn[mark < 0] = observed, -observed
            with torch.no_grad():  # in place: the optimizer has it
                self.logits[first : first + ROWS] = drawn.to(self.logits)

    def estimate(self, batch: GlobalBatch) -> Tensor:
        """Look up the logits of a batch, with their gradient.

        Returns:
            Tensor: Float ``(N, K)``.

        Raises:
            RuntimeError: If the store was not started.
            ValueError: If an image is not one of the training set's.
        """
        if not len(self.rows):
            raise RuntimeError(
                'LabelEstimates does not know the images: add '
                "label_store=dict(type='mmwsml.LabelStoreHook') to "
                '`default_hooks`.'
            )
        rows = torch.from_numpy(self.rows.of(batch))
        # The gradient reaches the rows of this batch alone.
        return F.embedding(upload(rows, self.logits.device), self.logits)

    def snapshot(self) -> dict:
        """Return the estimates, 4 bytes a pair.

        Returns:
            dict[str, Tensor]: ``key``, the ``hash64`` of the images,
            ascending int64 ``(M,)``, and ``logits``, float32 ``(M, K)``.
        """
        return save_table(self.rows, 'logits', self.logits)

    def restore(self, state: dict) -> None:
        """Take over the estimates of :meth:`snapshot`.

        Raises:
            ValueError: If the state is not one of estimates of the same
                images and classes.
        """
        logits = load_table(state, self.rows, 'logits', self.num_classes)
        with torch.no_grad():
            self.logits.copy_(logits)

    def _save_to_state_dict(self, *args: Any, **kwargs: Any) -> None:
        """Leave the estimates out of the model's weights."""

    def _load_from_state_dict(self, *args: Any, **kwargs: Any) -> None:
        """Miss nothing in the weights of a model."""


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
