"""A label store that keeps a number for each image and class."""

import numpy as np
import torch
from torch import Tensor

from ...structures.checks import check_begin
from ...structures.global_batch import GlobalBatch
from ...structures.image_rows import ImageRows
from ...structures.known_labels import KnownLabels
from ...structures.memory_limit import refuse_bytes
from ...structures.transfer import upload
from .label_store import LabelStore
from .table_state import load_table, save_table


class DenseLabelStore(LabelStore):
    """Base of the stores that a pass over all training images fills.

    A subclass says what it keeps (:attr:`content`, :attr:`dtype`), fills
    :attr:`table` in ``take_logits`` and applies it in ``read``.

    Args:
        begin (int): Epoch, from 1, that the first pass follows. The last
            epoch is followed by none: nobody would read what it finds.

    Raises:
        TypeError: If ``begin`` is no integer.
        ValueError: If ``begin`` is less than 1.
    """

    stateful = True

    #: Name of the table in a checkpoint.
    content: str
    #: NumPy type of the numbers.
    dtype: type

    def __init__(self, begin: int) -> None:
        check_begin(begin)
        self.begin = begin
        self.rows = ImageRows(np.empty(0, np.int64))
        #: ``(M, K)``, rows in the order of the keys.
        self.table: np.ndarray = np.empty((0, 0), self.dtype)

    def start(self, known: KnownLabels) -> None:
        """Forget all, and name the images of the training set.

        Raises:
            ValueError: If the table takes more than the machine's memory.
        """
        self.rows = ImageRows(known.keys)
        shape = len(self.rows), self.num_classes
        refuse_bytes(
            f'{type(self).__name__}, {shape[0]} images x {shape[1]} classes,',
            shape[0] * shape[1] * np.dtype(self.dtype).itemsize,
            'train on fewer images or classes, or choose another method',
        )
        self.table = np.zeros(shape, self.dtype)

    def wants_logits(self, epoch: int, num_epochs: int) -> bool:
        """Whether ``begin`` is reached and an epoch follows."""
        return self.begin <= epoch < num_epochs

    def snapshot(self) -> dict:
        """Copy the table.

        Returns:
            dict[str, Tensor]: ``key``, the ``hash64`` of the images,
            ascending int64 ``(M,)``, and the table ``(M, K)`` under the name
            of its content.
        """
        table = torch.from_numpy(self.table)
        return save_table(self.rows, self.content, table)

    def restore(self, state: dict) -> None:
        """Take over the table of :meth:`snapshot`.

        Raises:
            ValueError: If the state is not one of the same content, images
                and classes.
        """
        table = load_table(state, self.rows, self.content, self.num_classes)
        self.table = table.cpu().numpy().copy()

    def _find(self, batch: GlobalBatch, device: torch.device) -> Tensor:
        """Look up the numbers ``(N, K)`` of a batch.

        Raises:
            ValueError: If an image is not one of the training set's.
        """
        return upload(
            torch.from_numpy(self.table[self.rows.of(batch)]), device
        )
