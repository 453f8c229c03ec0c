"""What a run recorded, open for reading."""

from functools import cached_property
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import numpy as np

from mmwsml.records.recorded_images import RecordedImages
from mmwsml.structures import ImageRows, LabelLists, hash64

from .open_epoch import EpochRecords


class Records:
    """The records of a run; made by :func:`load_records`.

    Args:
        run (Path): The work dir of the run.
        info (dict): Its ``records/run.json``.
        images (RecordedImages): M images, K classes.
        epochs (dict[int, EpochRecords]): By number, ascending; those that are
            whole.
        skipped (list[str]): What is not, and why, a sentence each.
    """

    def __init__(
        self,
        run: Path,
        info: dict,
        images: RecordedImages,
        epochs: Dict[int, EpochRecords],
        skipped: List[str],
    ) -> None:
        self.run = run
        #: Everything that ``run.json`` says.
        self.info = info
        self.images = images
        self.epochs = epochs
        self.skipped = skipped

    @property
    def classes(self) -> Tuple[str, ...]:
        """Names of the K classes."""
        return tuple(self.info['classes'])

    @property
    def method(self) -> str:
        """Name of the loss, with ``+`` and that of a label store."""
        return self.info['method']

    @property
    def kinds(self) -> Tuple[str, ...]:
        """Kinds of entries: the rows of histograms and sums."""
        return self.images.kinds

    @property
    def num_epochs(self) -> int:
        """Epochs that the run set out to train, recorded or not."""
        return self.info['num_epochs']

    @cached_property
    def sample_ids(self) -> np.ndarray:
        """The images in the order of rows, object ``(M,)`` of str."""
        ids = np.empty(len(self.images), object)
        ids[:] = list(self.images.sample_ids.all())
        return ids

    @property
    def given(self) -> Tuple[LabelLists, LabelLists]:
        """Observed positives and negatives by row.

        Of complete labels (``images.complete``) the negatives are not listed.
        """
        return self.images.positives, self.images.negatives

    @property
    def truth(self) -> Optional[LabelLists]:
        """True positives by row, None where nobody knows them."""
        return self.images.truth

    def row_of(self, sample_id: str) -> int:
        """Find an image.

        Raises:
            ValueError: If it is not one of the run's.
        """
        rows, known = self._rows.find(np.array([hash64(sample_id)]))
        if not known[0]:
            raise ValueError(
                f'The image {sample_id!r} is not one of the '
                f'{len(self.images)} of {self.run}: name it as the data set '
                f'does, like {self.images.sample_ids.of(0)!r}.'
            )
        return int(rows[0])

    @cached_property
    def _rows(self) -> ImageRows:
        return ImageRows(self.images.keys)
