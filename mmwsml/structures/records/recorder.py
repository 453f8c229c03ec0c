"""Recording the steps of training, with little to do in each of them."""

from typing import List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor

from mmwsml.structures.global_batch import GlobalBatch
from mmwsml.structures.image_rows import ImageRows
from mmwsml.structures.processes import (
    gather_array,
    gather_numbers,
    process_rank,
)
from mmwsml.structures.transfer import Download, upload

from .epoch_record import EpochRecord
from .loss_tally import LossTally, to_sums
from .modifications import join_modified, list_modified
from .record_writer import RecordWriter
from .recorded_images import RecordedImages

WINDOW = 2**20  # entries that are kept until they are counted
CHUNK = 2**18  # entries that are counted at once
PLACE = np.dtype([('row', np.int64), ('step', np.int64)])


class Step(NamedTuple):
    """What is kept of a step of N images."""

    batch: GlobalBatch
    logits: Tensor
    modified: Optional[Tensor]


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
        self._rows = ImageRows(images.keys)
        self._tally = LossTally(images)
        self._begin()

    def _begin(self) -> None:
        self._seen = np.zeros(len(self.images), bool)
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
                self._seen,
                modified,
                self._num_steps,
            )
            self.writer.write(epoch, record)
        self._begin()

    def _count_steps(self) -> None:
        """Count the steps that are kept, on all processes at the same time."""
        self._unload()
        steps, self._steps, self._room = self._steps, [], WINDOW
        places = self._find_places(steps)
        chosen = np.flatnonzero(self._find_new(places))
        if not len(steps):
            return
        rows = places['row'][chosen]
        logits = _take([step.logits for step in steps], chosen)
        chunk = max(1, CHUNK // self.images.num_classes)
        losses = [
            self._tally.add(rows[first : first + chunk], part)
            for first, part in zip(
                range(0, len(rows), chunk), logits.split(chunk)
            )
        ]
        losses = torch.cat([logits[:0].float(), *losses])
        coming = [losses.half() if self.keep_losses else losses[:0]]
        if steps[0].modified is not None:
            marks = _take([step.modified for step in steps], chosen)
            coming += [marks, losses]
        self._coming.append((rows, Download(*coming)))

    def _find_places(self, steps: Sequence[Step]) -> np.ndarray:
        """Find the rows of the images of some steps, ``(n,)`` of PLACE."""
        sizes = [len(step.logits) for step in steps]
        places = np.empty(sum(sizes), PLACE)
        first = self._num_steps - len(steps)
        places['step'] = first + np.repeat(np.arange(len(steps)), sizes)
        begin = 0
        for step, size in zip(steps, sizes):
            rows, known = self._rows.find(step.batch.keys)
            if not known.all():
                image = step.batch.sample_ids[int(known.argmin())]
                raise ValueError(
                    f'The image {image} is not one of the {len(self.images)} '
                    'that are recorded: let no transform change `sample_id`.'
                )
            places['row'][begin : begin + size] = rows
            begin += size
        return places

    def _find_new(self, own: np.ndarray) -> np.ndarray:
        """Mark images that the epoch has not shown before, and note them.

        The earlier step is first, in a step the lower process.

        Args:
            own (ndarray): Rows and steps of this process, ``(n,)`` of PLACE.

        Returns:
            ndarray: bool ``(n,)``.
        """
        places = gather_array(own)
        order = places['step'].argsort(kind='stable')
        rows = places['row']
        _, first = np.unique(rows[order], return_index=True)
        is_first = np.zeros(len(rows), bool)
        is_first[order[first]] = True
        new = is_first & ~self._seen[rows]
        self._seen[rows] = True
        counts = gather_numbers(len(own))[:, 0]
        begin = counts[: process_rank()].sum()
        return new[begin : begin + len(own)]

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
    joined = torch.cat(list(parts))
    if len(chosen) == len(joined):
        return joined
    return joined[upload(torch.from_numpy(chosen), joined.device)]
