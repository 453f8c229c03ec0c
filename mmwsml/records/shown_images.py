"""Which images an epoch has shown, on all processes."""

from typing import Sequence, Tuple

import numpy as np

from mmwsml.structures.global_batch import GlobalBatch
from mmwsml.structures.image_rows import ImageRows
from mmwsml.structures.processes import (
    gather_array,
    gather_numbers,
    process_rank,
)

PLACE = np.dtype([('row', np.int64), ('step', np.int64)])


class ShownImages:
    """Find the images that an epoch shows for the first time.

    Args:
        keys (ndarray): ``hash64`` of the M images, int64 ``(M,)``.
    """

    def __init__(self, keys: np.ndarray) -> None:
        self._rows = ImageRows(keys)
        self.clear()

    def clear(self) -> None:
        """Begin an epoch."""
        #: Bool ``(M,)``, the same on all processes; a new array in each
        #: epoch.
        self.seen = np.zeros(len(self._rows), bool)

    def find_new(
        self, batches: Sequence[GlobalBatch]
    ) -> Tuple[np.ndarray, np.ndarray]:
        """Find the images of the next steps, and note that they were shown.

        All processes call it with as many steps. Of a repeated image the
        earlier step counts, in a step the lower process.

        Args:
            batches (Sequence[GlobalBatch]): Of this process, n images in all.

        Returns:
            tuple[ndarray, ndarray]: Places among the n images of those that
            are new, int64 ``(m,)``, and their rows, int64 ``(m,)``.

        Raises:
            ValueError: If an image is not one of the M.
        """
        own = np.empty(sum(len(b.sample_ids) for b in batches), PLACE)
        begin = 0
        for step, batch in enumerate(batches):
            part = slice(begin, begin + len(batch.sample_ids))
            own['row'][part], own['step'][part] = self._find(batch), step
            begin = part.stop
        new = np.flatnonzero(self._mark_new(own))
        return new, own['row'][new]

    def _find(self, batch: GlobalBatch) -> np.ndarray:
        rows, known = self._rows.find(batch.keys)
        if not known.all():
            image = batch.sample_ids[int(known.argmin())]
            raise ValueError(
                f'The image {image} is not one of the {len(self._rows)} '
                'that are recorded: let no transform change `sample_id`.'
            )
        return rows

    def _mark_new(self, own: np.ndarray) -> np.ndarray:
        places = gather_array(own)
        order = places['step'].argsort(kind='stable')
        rows = places['row']
        _, first = np.unique(rows[order], return_index=True)
        is_first = np.zeros(len(rows), bool)
        is_first[order[first]] = True
        new = is_first & ~self.seen[rows]
        self.seen[rows] = True
        counts = gather_numbers(len(own))[:, 0]
        begin = counts[: process_rank()].sum()
        return new[begin : begin + len(own)]
