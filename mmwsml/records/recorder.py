"""Recording the steps of training, with little to do in each of them."""

from typing import List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor

from mmwsml.structures.global_batch import GlobalBatch
from mmwsml.structures.processes import gather_array
from mmwsml.structures.transfer import Download, upload

from .epoch_record import EpochRecord
from .loss_tally import LossTally, to_sums
from .modifications import join_modified, list_modified
from .record_writer import RecordWriter
from .recorded_images import RecordedImages
from .shown_images import ShownImages

WINDOW = 2**20  # entries that are kept until they are counted
CHUNK = 2**18  # entries that are counted at once


class Step(NamedTuple):
    """What is kept of a step of N images."""

    batch: GlobalBatch
    logits: Tensor
    modified: Optional[Tensor]

    def marks(self) -> Tensor:
        """Mark what was modified, bool ``(N, K)``."""
        if self.modified is None:
            return torch.zeros_like(self.logits, dtype=torch.bool)
        return self.modified


class Recorder:
    """Count the losses of an epoch on all processes.

    A step is only kept; when there are ``WINDOW`` entries on a process, all
    of them count theirs. An image that an epoch shows again, on any process,
    counts where it came first. A GPU is not waited for: what comes from it
    is taken when the next steps are counted.

    Args:
        images (RecordedImages): Of the training set.
        writer (RecordWriter, optional): On the first process. Defaults to
            None: another one writes.
        keep_losses (bool): Whether the loss of every entry is written.
            Defaults to False.
    """

    def __init__(
        self,
        images: RecordedImages,
        writer: Optional[RecordWriter] = None,
        keep_losses: bool = False,
    ) -> None:
        self.images = images
        self.writer = writer
        self.keep_losses = keep_losses
        self._shown = ShownImages(images.keys)
        self._tally = LossTally(images)
        self._begin()

    def _begin(self) -> None:
        self._shown.clear()
        self._steps: List[Step] = []
        self._room = WINDOW
        self._num_steps = 0
        self._coming: List[Tuple[np.ndarray, Download]] = []
        self._modified: List[np.ndarray] = []

    def add(
        self, batch: GlobalBatch, logits: Tensor, modified: Optional[Tensor]
    ) -> None:
        """Keep a step.

        Args:
            batch (GlobalBatch): The N images here, and how many others train
                on in the same step.
            logits (Tensor): Class scores before sigmoid, ``(N, K)``.
            modified (Tensor, optional): What the loss modified, bool
                ``(N, K)``.

        Raises:
            ValueError: If an image is not one of the training set's.
        """
        self._steps.append(Step(batch, logits.detach(), modified))
        self._num_steps += 1
        # The same on all processes, so that they count at the same time.
        self._room -= max(batch.sizes) * self.images.num_classes
        if self._room <= 0:
            self._count_steps()

    def finish(self, epoch: int) -> None:
        """Write an epoch of all processes, and begin another.

        Args:
            epoch (int): Its number, from 1.

        Raises:
            ValueError: If an image is not one of the training set's.
        """
        self._count_steps()
        self._unload()
        histogram, units = (
            gather_array(own[None], to=0).sum(0) for own in self._tally.take()
        )
        modified = join_modified(self._modified)
        if self.writer is not None:
            record = EpochRecord(
                histogram.astype(np.int32),
                to_sums(units),
                self._shown.seen,
                modified,
                self._num_steps,
            )
            self.writer.write(epoch, record)
        self._begin()

    def _count_steps(self) -> None:
        """Count the steps that are kept, on all processes at the same time."""
        self._unload()
        steps, self._steps, self._room = self._steps, [], WINDOW
        chosen, rows = self._shown.find_new([step.batch for step in steps])
        if not steps:  # on all processes
            return
        logits = _take([step.logits for step in steps], chosen)
        has_modified = any(step.modified is not None for step in steps)
        losses = self._count(rows, logits, has_modified or self.keep_losses)
        if losses is None:
            return
        # On their way from the device.
        coming = [losses.half() if self.keep_losses else losses[:0]]
        if has_modified:
            marks = [step.marks() for step in steps]
            coming += [_take(marks, chosen), losses]
        self._coming.append((rows, Download(*coming)))

    def _count(
        self, rows: np.ndarray, logits: Tensor, wanted: bool
    ) -> Optional[Tensor]:
        """Count some images; return their losses, where they are wanted."""
        losses = logits.new_empty(logits.shape, dtype=torch.float32)
        chunk = max(1, CHUNK // self.images.num_classes)
        for first in range(0, len(rows), chunk):
            part = slice(first, first + chunk)
            found = self._tally.add(rows[part], logits[part])
            if wanted:
                losses[part] = found
        return losses if wanted else None

    def _unload(self) -> None:
        """Take what comes from the device."""
        for rows, download in self._coming:
            kept, *entries = download.arrays()
            if entries:
                self._modified.append(list_modified(rows, *entries))
            if self.keep_losses:
                self._send_losses(rows, kept)
        self._coming = []

    def _send_losses(self, rows: np.ndarray, losses: np.ndarray) -> None:
        shape = (losses.shape[1],)
        kind = [('row', np.int64), ('losses', losses.dtype, shape)]
        table = np.empty(len(rows), kind)
        table['row'], table['losses'] = rows, losses
        table = gather_array(table, to=0)
        if self.writer is not None:
            self.writer.keep_losses(table['row'], table['losses'])


def _take(parts: Sequence[Tensor], chosen: np.ndarray) -> Tensor:
    """Join tensors and take the chosen rows, without waiting for a GPU."""
    joined = torch.cat(list(parts)) if len(parts) > 1 else parts[0]
    if len(chosen) == len(joined):
        return joined
    return joined[upload(torch.from_numpy(chosen), joined.device)]
