"""Known labels of millions of images in arrays that stay on disk."""

from pathlib import Path
from typing import List, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np

from .mapped_array import open_mapped


class LabelLists(NamedTuple):
    """One list of classes for each of N images, end to end."""

    #: Int64 ``(N + 1,)``: list n is ``classes[offsets[n]:offsets[n + 1]]``.
    offsets: np.ndarray
    #: Uint16 ``(M,)``: class indices.
    classes: np.ndarray

    def of(self, row: int) -> List[int]:
        """Return the list of one image."""
        first, last = self.offsets[row : row + 2].tolist()
        return self.classes[first:last].tolist()

    def find_error(self, num_classes: int) -> Optional[str]:
        """Say what cannot be right of the lists, if anything.

        Args:
            num_classes (int): K.

        Returns:
            str | None: The rule that they break.
        """
        lengths = self.lengths()
        if self.offsets[0] or (len(lengths) and lengths.min() < 0):
            return 'its lists must follow each other'
        if len(self.classes) and self.classes.max() >= num_classes:
            return f'a class must be below {num_classes}'
        rises = self.classes[1:] > self.classes[:-1]
        starts = self.offsets[1:-1]
        rises[starts[(starts > 0) & (starts < len(self.classes))] - 1] = True
        return None if rises.all() else 'the classes of a list must ascend'

    def lengths(self) -> np.ndarray:
        """Return the length of each list, int64 ``(N,)``."""
        return np.diff(self.offsets)

    def entries(self, rows: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Return the lists of some images end to end.

        Args:
            rows (ndarray): int64 ``(n,)``.

        Returns:
            tuple[ndarray, ndarray]: Of each entry the place of its image in
            ``rows``, int64, and its class, uint16.
        """
        first = self.offsets[rows]
        lengths = self.offsets[rows + 1] - first
        begins = np.cumsum(lengths) - lengths
        shift = np.repeat(first - begins, lengths)
        places = np.arange(len(shift)) + shift
        return np.repeat(np.arange(len(rows)), lengths), self.classes[places]


class LabelArrays:
    """Images by their 64-bit ids, with their known positives and negatives.

    The arrays are memory-mapped: opening reads next to nothing, and processes
    of one machine share what they have read. A pickle or a copy holds the
    name of the folder, not the arrays::

        folder/
        ├── ids.npy                                      uint64 (N,), ascending
        ├── positive_offsets.npy, negative_offsets.npy   int64 (N + 1,)
        └── positive_classes.npy, negative_classes.npy   uint16

    Args:
        folder (str): Where :meth:`save` has written them.
        rows (ndarray, optional): The images of a subset and their order,
            int64. Defaults to None, all images.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If a file is damaged.
    """

    def __init__(
        self, folder: Union[str, Path], rows: Optional[np.ndarray] = None
    ) -> None:
        self.folder = str(folder)
        self._rows = rows
        self._ids = open_mapped(self.folder, 'ids', np.uint64)
        self._positives = open_lists(self.folder, 'positive', len(self._ids))
        self._negatives = open_lists(self.folder, 'negative', len(self._ids))

    @staticmethod
    def save(
        folder: Union[str, Path],
        ids: np.ndarray,
        positives: LabelLists,
        negatives: LabelLists,
    ) -> None:
        """Write the arrays into a folder that is there."""
        np.save(Path(folder, 'ids.npy'), ids)
        for name, lists in (('positive', positives), ('negative', negatives)):
            save_lists(folder, name, lists)

    def check(self, num_classes: int) -> None:
        """Read everything once, and refuse what cannot be right.

        Args:
            num_classes (int): K.

        Raises:
            ValueError: If a file is damaged.
        """
        lists = dict(positive=self._positives, negative=self._negatives)
        faults = {f'{x}s': y.find_error(num_classes) for x, y in lists.items()}
        if not (self._ids[1:] > self._ids[:-1]).all():
            faults['ids'] = 'they must ascend'
        for name, fault in faults.items():
            if fault:
                raise ValueError(
                    f'{self.folder}: the {name} are damaged, {fault}; remove '
                    'the folder and build it again.'
                )

    def __reduce__(self) -> tuple:
        return LabelArrays, (self.folder, self._rows)

    def __len__(self) -> int:
        return len(self._ids if self._rows is None else self._rows)

    def __getitem__(self, index: int) -> Tuple[int, List[int], List[int]]:
        """Return id, known positives and known negatives of an image."""
        row = range(len(self))[index]
        if self._rows is not None:
            row = self._rows[row]
        return (
            int(self._ids[row]),
            self._positives.of(row),
            self._negatives.of(row),
        )

    def subset(self, indices: Union[int, Sequence[int]]) -> 'LabelArrays':
        """Take the first or the last images, or chosen ones.

        Args:
            indices (int | Sequence[int]): n >= 0: the first n; n < 0: the
                last -n; a sequence: these, in its order.
        """
        rows = self._rows
        if rows is None:
            rows = np.arange(len(self))
        if isinstance(indices, int):
            part = slice(indices) if indices >= 0 else slice(indices, None)
            rows = rows[part].copy()
        else:
            rows = rows[np.asarray(indices, dtype=np.int64)]
        return LabelArrays(self.folder, rows)

    def ids(self) -> np.ndarray:
        """Return the ids in order, uint64 ``(len(self),)``."""
        return self._ids if self._rows is None else self._ids[self._rows]

    def counts(self) -> Tuple[np.ndarray, np.ndarray]:
        """Count the known positives and negatives of each image.

        Returns:
            tuple[ndarray, ndarray]: Int64 ``(len(self),)`` each.
        """
        lengths = self._positives.lengths(), self._negatives.lengths()
        if self._rows is None:
            return lengths
        return lengths[0][self._rows], lengths[1][self._rows]


def save_lists(folder: Union[str, Path], name: str, lists: LabelLists) -> None:
    """Write ``name_offsets.npy`` and ``name_classes.npy`` into a folder."""
    np.save(Path(folder, f'{name}_offsets.npy'), lists.offsets)
    np.save(Path(folder, f'{name}_classes.npy'), lists.classes)


def open_lists(folder: Union[str, Path], name: str, size: int) -> LabelLists:
    """Open lists of :func:`save_lists`, memory-mapped.

    Args:
        folder (str): Where they lie.
        name (str): Their name.
        size (int): N, the images that they must be of.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If a file is damaged or of another number of images.
    """
    offsets = open_mapped(folder, f'{name}_offsets', np.int64)
    classes = open_mapped(folder, f'{name}_classes', np.uint16)
    if len(offsets) != size + 1 or offsets[-1] != len(classes):
        raise ValueError(
            f'{folder}: {name}_offsets.npy and {name}_classes.npy must hold '
            f'one list for each of the {size} images of the folder; remove '
            'it and build it again.'
        )
    return LabelLists(offsets, classes)
