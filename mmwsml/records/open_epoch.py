"""What is recorded of one epoch."""

from functools import cached_property
from pathlib import Path
from typing import Optional, Sequence, Union

import numpy as np

from mmwsml.records.loss_bins import NUM_BINS, bin_edges
from mmwsml.records.modifications import MODIFIED
from mmwsml.records.recorded_images import RecordedImages
from mmwsml.structures.mapped_array import open_mapped

#: Classes by index, or None for all of them.
Classes = Optional[Sequence[int]]


class EpochRecords:
    """The losses and modifications of an epoch, read where they are asked.

    Args:
        folder (Path): Of the epoch.
        note (dict): Its ``epoch.json``.
        images (RecordedImages): M images, K classes.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If a file is damaged or does not fit the run.
    """

    def __init__(
        self, folder: Path, note: dict, images: RecordedImages
    ) -> None:
        self.folder = folder
        self.images = images
        #: From 1.
        self.epoch: int = note['epoch']
        #: Steps of each process.
        self.num_steps: int = note['num_steps']
        #: Images that the epoch showed, each counted once.
        self.num_images: int = note['num_images']
        size = len(images.kinds), images.num_classes
        #: Entries in each bin, int32 ``(number of kinds, K, NUM_BINS)``.
        self.histogram = self._open('histogram', np.int32, (*size, NUM_BINS))
        #: Sums of the losses, float64 ``(number of kinds, K)``; an entry is
        #: rounded to 2^-22.
        self.sums = self._open('sums', np.float64, size)
        #: Whether the epoch showed an image, bool ``(M,)``.
        self.seen = self._open('seen', np.bool_, (len(images),))
        if self.seen.sum() != self.num_images:
            raise ValueError(
                f'{folder / "seen.npy"} marks {self.seen.sum()} images, but '
                f'epoch.json says {self.num_images}; train the epoch again.'
            )
        if len(self.histogram) and self.histogram.min() < 0:
            raise ValueError(
                f'{folder / "histogram.npy"} counts fewer than no entries; '
                'train the epoch again.'
            )
        self._modified = open_mapped(folder, 'modified', MODIFIED)

    def _open(self, name: str, dtype: type, shape: tuple) -> np.ndarray:
        array = open_mapped(self.folder, name, dtype, len(shape))
        if array.shape != shape:
            raise ValueError(
                f'{self.folder / name}.npy must be of shape {shape}, as '
                f'run.json says, but is {array.shape}; train the epoch again.'
            )
        return array

    @cached_property
    def modified(self) -> np.ndarray:
        """Modified entries by row and class.

        Fields ``row``, ``class`` and ``loss``, that of the annotated label.

        Raises:
            ValueError: If the run has no such image or class.
        """
        entries = self._modified
        for name, size in (
            ('row', len(self.images)),
            ('class', self.images.num_classes),
        ):
            values = entries[name]
            if len(values) and not 0 <= values.min() <= values.max() < size:
                raise ValueError(
                    f'{self.folder / "modified.npy"} must hold a `{name}` '
                    f'from 0 to {size - 1}, but holds {values.min()} and '
                    f'{values.max()}; train the epoch again.'
                )
        return entries

    @cached_property
    def counts(self) -> np.ndarray:
        """Entries of each kind, int64 ``(number of kinds, K)``."""
        return self.histogram.sum(2, dtype=np.int64)

    @cached_property
    def modified_kinds(self) -> np.ndarray:
        """The kind of each modified entry, uint8, an index of ``kinds``."""
        entries = self.modified
        return self.images.kinds_at(entries['row'], entries['class'])

    @property
    def has_losses(self) -> bool:
        """Whether the loss of every entry was kept."""
        return (self.folder / 'losses.npy').exists()

    @cached_property
    def losses(self) -> np.ndarray:
        """The loss of every entry, float16 ``(M, K)``, memory-mapped.

        NaN where the epoch did not show the image.

        Raises:
            ValueError: If they were not kept.
        """
        if not self.has_losses:
            raise ValueError(
                f'{self.folder} does not hold the loss of every entry: train '
                "with `keep='losses'` in RecordHook."
            )
        shape = len(self.images), self.images.num_classes
        return self._open('losses', np.float16, shape)

    def mean(self, kind: str, classes: Classes = None) -> float:
        """Average the losses of a kind; NaN where there is none.

        Args:
            kind (str): One of the run's ``kinds``.
            classes (Sequence[int], optional): Defaults to None, all.

        Raises:
            ValueError: If the run has no such kind.
        """
        row = self.index_of(kind)
        chosen = slice(None) if classes is None else list(classes)
        count = self.counts[row, chosen].sum()
        total = self.sums[row, chosen].sum()
        return float(total / count) if count else float('nan')

    def quantile(
        self,
        kind: str,
        share: Union[float, Sequence[float]],
        classes: Classes = None,
    ) -> np.ndarray:
        """Estimate quantiles of the losses of a kind.

        Inside a bin losses count as evenly spread: from 2^-12 to 2^4 an
        estimate is off by 12.5 % at most, below by 2^-12; a loss above 15
        counts as one from 15 to 16.

        Args:
            kind (str): One of the run's ``kinds``.
            share (float | Sequence[float]): In [0, 1]: 0.5 is the median.
            classes (Sequence[int], optional): Defaults to None, all.

        Returns:
            ndarray: Float64, of the shape of ``share``; NaN where there is no
            such loss.

        Raises:
            ValueError: If the run has no such kind, or a share is not in
                [0, 1].
        """
        shares = np.asarray(share, np.float64)
        if not ((shares >= 0) & (shares <= 1)).all():
            raise ValueError(f'`share` must be in [0, 1], but got {shares}.')
        chosen = slice(None) if classes is None else list(classes)
        counts = self.histogram[self.index_of(kind), chosen]
        return _interpolate(counts.sum(0, dtype=np.int64), shares)

    def index_of(self, kind: str) -> int:
        """Return the place of a kind among the run's ``kinds``.

        Raises:
            ValueError: If the run has no such kind.
        """
        kinds = self.images.kinds
        if kind not in kinds:
            raise ValueError(
                f'The kind {kind!r} is not one of this run, {kinds}: TN and '
                'FN are told apart only where the complete labels are known.'
            )
        return kinds.index(kind)


def _interpolate(counts: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Find quantiles of binned losses, spread evenly inside a bin."""
    ends = counts.cumsum()
    if not ends[-1]:
        return np.full(share.shape, np.nan)
    edges = bin_edges()
    edges[-1] = 16
    place = share * ends[-1]
    index = np.searchsorted(ends, place.clip(0.5))  # no empty bin
    inside = (place - (ends - counts)[index]) / counts[index]
    return edges[index] + inside * (edges[index + 1] - edges[index])
