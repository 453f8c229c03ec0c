"""The memory of corrected labels that LL-Cp needs."""

from typing import Dict, List, Tuple

import numpy as np
import torch
from torch import Tensor

from ...registry import MODELS
from ...structures.global_batch import GlobalBatch
from ...structures.image_rows import ImageRows
from ...structures.known_labels import KnownLabels
from ...structures.labels import Labels
from ...structures.processes import gather_array, num_processes
from ...structures.transfer import Download, upload
from .label_store import LabelStore

#: row: of the image among the sorted keys of the training set; class; epoch
#: from 1; loss: of the entry as a negative when it was corrected; previous:
#: 1 + index of the last correction of the same image, 0 where there is none.
COLUMNS = np.dtype(
    [
        ('row', np.int32),
        ('class', np.uint16),
        ('epoch', np.uint16),
        ('loss', np.float32),
        ('previous', np.int32),
    ]
)
#: Columns of a checkpoint beside ``row`` and ``loss``, kept as the int16 of
#: the same bits: older files of torch know no unsigned integers.
SHORT = ('class', 'epoch')
CHUNK = 2**22  # corrections


@MODELS.register_module()
class LabelMemory(LabelStore):
    """Remember corrected labels: from then on they are observed positives.

    The corrections are flat columns of 16 bytes each, the same on all
    processes after every :meth:`flush`; those of one image are a chain
    through ``previous``, so that a look-up needs no search. An image costs
    another 12 bytes.

    Paper: the memory that LL-Cp needs, section 4.3 of `Large Loss Matters in
    Weakly Supervised Multi-Label Classification
    <https://arxiv.org/abs/2206.03740>`_ (CVPR 2022).
    """

    stateful = True
    keeps_modified = True

    def __init__(self) -> None:
        self.start(KnownLabels(np.empty(0, np.int64)))

    def start(self, known: KnownLabels) -> None:
        """Forget all corrections, and name the images of the training set."""
        self.rows = ImageRows(known.keys)
        self._empty()

    @property
    def keys(self) -> np.ndarray:
        """``hash64`` of the images, ascending int64 ``(M,)``."""
        return self.rows.keys

    def _empty(self) -> None:
        self._last = np.zeros(len(self.rows), np.int32)
        self._table = np.empty(0, COLUMNS)
        self._size = 0
        self._written: List[Tuple[np.ndarray, int, Download]] = []

    def __len__(self) -> int:
        """Count the corrections."""
        return self._size

    @property
    def nbytes(self) -> int:
        """Bytes of the corrections' columns, spare room not counted."""
        return self._size * COLUMNS.itemsize

    def columns(self) -> Dict[str, np.ndarray]:
        """Return the corrections in the order in which they were made.

        Returns:
            dict[str, ndarray]: ``key`` (``hash64`` of the image), ``class``,
            ``epoch`` (from 1) and ``loss``, each ``(M,)``.
        """
        table = self._table[: self._size]
        names = ('class', 'epoch', 'loss')
        columns = {name: table[name].copy() for name in names}
        return dict(columns, key=self.keys[table['row']])

    def read(
        self, batch: GlobalBatch, target: Tensor, observed: Tensor
    ) -> Labels:
        """Make the corrected labels of the batch observed positives.

        Raises:
            ValueError: If an image is not one of the training set's.
        """
        self.flush()
        # A chain for each image: 1 + the place of its latest correction,
        # which knows the one before; 0 ends it.
        found, links = [], self._last[self.rows.of(batch)]  # (N,)
        images = np.arange(len(links))
        while True:  # one correction of each image, the latest first
            images, links = images[links > 0], links[links > 0] - 1
            if not len(links):
                break
            found.append(np.stack([images, self._table['class'][links]]))
            links = self._table['previous'][links]
        if not found:
            return Labels(target, observed)
        index = upload(
            torch.from_numpy(np.concatenate(found, 1)), target.device
        )
        # (2, corrections of the batch): image and class of each
        target, observed = target.clone(), observed.clone()
        target[index[0], index[1]] = 1
        observed[index[0], index[1]] = True
        return Labels(target, observed)

    def count_corrected(self, epoch: int) -> np.ndarray:
        """Count the corrections of the epochs before."""
        self.flush()
        table = self._table[: self._size]
        earlier = table['class'][table['epoch'] < epoch]
        return np.bincount(earlier, minlength=self.num_classes)

    def write(
        self, batch: GlobalBatch, modified: Tensor, logits: Tensor, epoch: int
    ) -> None:
        """Note the modified entries, to be remembered by :meth:`flush`.

        Nothing waits for the device: the entries are on their way from it
        while the step goes on. What :meth:`read` made observed is not modified
        again, so nothing is looked up here.

        Raises:
            ValueError: If there are more than 65536 classes or 65535 epochs,
                or an image is not one of the training set's.
        """
        self._check_size(logits.shape[1], epoch)
        download = Download(modified, logits.float())
        self._written.append((self.rows.of(batch), epoch, download))

    def flush(self) -> None:
        """Remember what was written, on all processes alike.

        The order is that of the images' keys, then of the classes; an image
        that a sampler repeats in one batch is recorded once.
        """
        for rows, epoch, download in self._written:
            modified, logits = download.arrays()
            images, classes = modified.nonzero()
            own = np.zeros(len(images), COLUMNS)
            own['row'], own['class'] = rows[images], classes
            own['epoch'] = epoch
            # Its loss as a negative, softplus of the logit.
            own['loss'] = np.logaddexp(0, logits[images, classes])
            entries = gather_array(own)  # the same on all processes
            codes = entries['row'].astype(np.int64) << 16 | entries['class']
            first = np.unique(codes, return_index=True)[1]
            self._append(entries[first])
        self._written.clear()

    def snapshot(self) -> dict:
        """Return the corrections as tensors, 12 bytes each.

        Returns:
            dict[str, Tensor]: ``key`` int64 ``(I,)``, the ``hash64`` of the
            images that have corrections, ``row`` int32 ``(M,)``, their place
            in it, ``class`` and ``epoch`` int16, ``loss`` float32.

        Raises:
            RuntimeError: If other processes wait for a :meth:`flush`.
        """
        if self._written and num_processes() > 1:
            raise RuntimeError(
                'LabelMemory holds corrections that the other processes do '
                'not know yet: before a checkpoint is saved in the middle of '
                "an epoch, call the head's `finish_step()` on all processes."
            )
        self.flush()
        table, has_any = self._table[: self._size], self._last > 0
        state = {name: table[name].view(np.int16) for name in SHORT}
        state.update(key=self.keys[has_any], loss=table['loss'])
        row = np.cumsum(has_any, dtype=np.int32) - 1
        state['row'] = row[table['row']]
        # Copies: training goes on while a checkpoint is written.
        return {
            name: torch.from_numpy(np.array(column))
            for name, column in state.items()
        }

    def restore(self, state: dict) -> None:
        """Replace the corrections by those of :meth:`snapshot`.

        Raises:
            ValueError: If the state is not one of a label memory, or has
                images that the training set does not have.
        """
        missing = {'key', 'row', 'loss', *SHORT} - set(state)
        if missing:
            raise ValueError(
                f'The state of a LabelMemory lacks {sorted(missing)}: resume '
                'from a checkpoint of a run with the same label store.'
            )
        state = {name: column.cpu().numpy() for name, column in state.items()}
        rows, known = self.rows.find(state['key'])
        if not known.all():
            raise ValueError(
                f'The LabelMemory of the checkpoint holds corrections of '
                f'{(~known).sum()} images that the training set does not '
                f'have, the first of hash {state["key"][~known][0]}: resume '
                'with the data set of the run, or start a new run.'
            )
        self._empty()
        entries = np.zeros(len(state['row']), COLUMNS)
        entries['row'], entries['loss'] = rows[state['row']], state['loss']
        for name in SHORT:
            entries[name] = state[name].view(np.uint16)
        for first in range(0, len(entries), CHUNK):  # sorted piece by piece
            self._append(entries[first : first + CHUNK])

    def _check_size(self, num_classes: int, epoch: int) -> None:
        """Refuse what does not fit into the columns."""
        if num_classes > 2**16 or epoch >= 2**16:
            raise ValueError(
                f'{type(self).__name__} keeps class and epoch in 16 bits, at '
                'most 65536 classes and 65535 epochs, but got '
                f'{num_classes} classes in epoch {epoch}: split the classes, '
                'or count longer epochs.'
            )

    def _append(self, entries: np.ndarray) -> None:
        """Add corrections, each linked to the one before of its image."""
        first, size = self._size, self._size + len(entries)
        if size > len(self._table):  # grows in place, without a second copy
            self._table.resize(1024 + size + size // 4, refcheck=False)
        self._table[first:size] = entries
        # Sorted by image, each entry follows the one before it.
        rows = entries['row']
        order = rows.argsort(kind='stable')
        sorted_rows = rows[order]
        previous = np.empty(len(rows), np.int32)
        previous[1:] = first + 1 + order[:-1]
        is_first = np.diff(sorted_rows, prepend=-1) != 0
        previous[is_first] = self._last[sorted_rows[is_first]]
        self._table['previous'][first + order] = previous
        self._last[sorted_rows] = first + 1 + order  # the last one counts
        self._size = size
