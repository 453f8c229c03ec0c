"""What training has learned about labels beyond their annotation."""

from typing import Dict, List, Sequence, Tuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


class LabelStore:
    """State per (image, class) that a head reads and writes in each step.

    This base knows nothing and keeps nothing: the labels stay as annotated.
    """

    #: The epoch from 1, set by :class:`mmwsml.LabelStoreHook`.
    epoch: int = 0
    #: Whether a checkpoint must carry the state.
    stateful: bool = False

    def read(
        self, sample_ids: Sequence[str], target: Tensor, observed: Tensor
    ) -> Tuple[Tensor, Tensor]:
        """Apply what is known to the labels of a batch, before the loss.

        Args:
            sample_ids (Sequence[str]): The N images.
            target (Tensor): Annotated labels, float ``(N, K)`` in {0, 1}.
            observed (Tensor): Which are annotated, bool ``(N, K)``.

        Returns:
            tuple[Tensor, Tensor]: ``target`` and ``observed`` to train on.
        """
        return target, observed

    def write(
        self, sample_ids: Sequence[str], modified: Tensor, logits: Tensor
    ) -> None:
        """Take in what the loss modified, after the loss.

        Args:
            sample_ids (Sequence[str]): The N images.
            modified (Tensor): Entries that the loss modified, bool ``(N, K)``.
            logits (Tensor): Class scores before sigmoid, ``(N, K)``.
        """

    def state_dict(self) -> dict:
        """Return the state as plain tensors and lists."""
        return {}

    def load_state_dict(self, state: dict) -> None:
        """Replace the state by one of :meth:`state_dict`."""


class LabelMemory(LabelStore):
    """Remember corrected labels: from then on they are observed positives.

    The corrections are flat columns of 16 bytes each; the corrections of one
    image are a chain through ``previous``, so that a look-up needs no search.

    Paper: the memory that LL-Cp needs, section 4.3 of `Large Loss Matters in
    Weakly Supervised Multi-Label Classification
    <https://arxiv.org/abs/2206.03740>`_ (CVPR 2022).
    """

    stateful = True

    #: row: of the image in ``sample_ids``; class; epoch from 1; loss: of the
    #: entry as a negative when it was corrected; previous: 1 + index of the
    #: last correction of the same image, 0 where there is none.
    _COLUMNS = np.dtype(
        [
            ('row', np.int32),
            ('class', np.uint16),
            ('epoch', np.uint16),
            ('loss', np.float32),
            ('previous', np.int32),
        ]
    )

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self.sample_ids: List[str] = []
        self._rows: Dict[str, int] = {}
        self._last: List[int] = []  # 1 + latest correction of each image
        self._table = np.empty(0, self._COLUMNS)
        self._size = 0

    def __len__(self) -> int:
        """Count the corrections."""
        return self._size

    @property
    def nbytes(self) -> int:
        """Bytes of the corrections' columns, spare room not counted."""
        return self._size * self._COLUMNS.itemsize

    def columns(self) -> Dict[str, np.ndarray]:
        """Return the corrections in the order in which they were made.

        Returns:
            dict[str, ndarray]: ``row`` (index into :attr:`sample_ids`),
            ``class``, ``epoch`` (from 1) and ``loss``, each ``(M,)``.
        """
        table = self._table[: self._size]
        keys = ('row', 'class', 'epoch', 'loss')
        return {key: table[key].copy() for key in keys}

    def classes_of(self, sample_id: str) -> List[int]:
        """List the corrected classes of an image, the latest first."""
        row = self._rows.get(sample_id)
        link = 0 if row is None else self._last[row]
        classes = []
        while link:
            classes.append(int(self._table['class'][link - 1]))
            link = int(self._table['previous'][link - 1])
        return classes

    def read(
        self, sample_ids: Sequence[str], target: Tensor, observed: Tensor
    ) -> Tuple[Tensor, Tensor]:
        """Make the corrected labels of the batch observed positives."""
        entries = [
            (n, label)
            for n, sample_id in enumerate(sample_ids)
            for label in self.classes_of(sample_id)
        ]
        if not entries:
            return target, observed
        index = tuple(torch.tensor(entries, device=target.device).T)
        target, observed = target.clone(), observed.clone()
        target[index] = 1
        observed[index] = True
        return target, observed

    def write(
        self, sample_ids: Sequence[str], modified: Tensor, logits: Tensor
    ) -> None:
        """Remember the modified entries, with epoch and loss.

        An image that a sampler repeats in one batch is recorded once.

        Raises:
            RuntimeError: If no hook has set ``epoch``.
        """
        if not self.epoch:
            raise RuntimeError(
                'LabelMemory does not know the epoch: add '
                "label_store=dict(type='mmwsml.LabelStoreHook') to "
                '`default_hooks`, which also saves it in checkpoints.'
            )
        loss = F.softplus(logits.detach()[modified].float()).tolist()
        known: Dict[str, set] = {}
        for (n, label), value in zip(modified.nonzero().tolist(), loss):
            image = sample_ids[n]
            if image not in known:
                known[image] = set(self.classes_of(image))
            if label not in known[image]:
                known[image].add(label)
                self._append(image, label, self.epoch, value)

    def state_dict(self) -> dict:
        """Return ``sample_ids`` and one tensor a column."""
        columns = self.columns()
        state: dict = {
            key: torch.from_numpy(column.astype(np.int32))
            for key, column in columns.items()
            if key != 'loss'
        }
        state['loss'] = torch.from_numpy(columns['loss'])
        state['sample_ids'] = list(self.sample_ids)
        return state

    def load_state_dict(self, state: dict) -> None:
        """Replace the corrections by those of :meth:`state_dict`.

        Raises:
            ValueError: If the state is not one of a label memory.
        """
        missing = {'row', 'class', 'epoch', 'loss', 'sample_ids'} - set(state)
        if missing:
            raise ValueError(
                f'The state of a LabelMemory lacks {sorted(missing)}: resume '
                'from a checkpoint of a run with the same label store.'
            )
        self._clear()
        columns = zip(
            *(state[key].tolist() for key in ('row', 'class', 'epoch', 'loss'))
        )
        for row, label, epoch, loss in columns:
            self._append(state['sample_ids'][row], label, epoch, loss)

    def _append(
        self, sample_id: str, label: int, epoch: int, loss: float
    ) -> None:
        row = self._rows.setdefault(sample_id, len(self.sample_ids))
        if row == len(self.sample_ids):
            self.sample_ids.append(sample_id)
            self._last.append(0)
        if self._size == len(self._table):
            spare = np.empty(1024 + self._size // 4, self._COLUMNS)
            self._table = np.concatenate([self._table, spare])
        self._table[self._size] = row, label, epoch, loss, self._last[row]
        self._size += 1
        self._last[row] = self._size
