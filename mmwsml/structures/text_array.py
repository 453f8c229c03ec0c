"""Millions of short texts in two flat arrays."""

from pathlib import Path
from typing import Iterator, List, NamedTuple, Sequence, Union

import numpy as np

from mmwsml.structures.mapped_array import open_mapped


class TextArray(NamedTuple):
    """N texts in UTF-8, end to end."""

    #: Int64 ``(N + 1,)``: text n is ``codes[offsets[n]:offsets[n + 1]]``.
    offsets: np.ndarray
    #: Uint8.
    codes: np.ndarray

    @classmethod
    def collect(cls, texts: Sequence[str]) -> 'TextArray':
        """Join texts."""
        parts = [text.encode() for text in texts]
        offsets = np.zeros(len(parts) + 1, np.int64)
        np.cumsum([len(part) for part in parts], out=offsets[1:])
        return cls(offsets, np.frombuffer(b''.join(parts), np.uint8))

    @classmethod
    def open(cls, folder: Union[str, Path], name: str) -> 'TextArray':
        """Open texts of :meth:`save`, memory-mapped.

        Raises:
            FileNotFoundError: If a file is missing.
            ValueError: If a file is damaged.
        """
        offsets = open_mapped(folder, f'{name}_offsets', np.int64)
        return cls(offsets, open_mapped(folder, name, np.uint8))

    def save(self, folder: Union[str, Path], name: str) -> None:
        """Write ``name.npy`` and ``name_offsets.npy`` into a folder."""
        np.save(Path(folder, f'{name}_offsets.npy'), self.offsets)
        np.save(Path(folder, f'{name}.npy'), self.codes)

    def of(self, row: int) -> str:
        """Return one text."""
        first, last = self.offsets[row : row + 2].tolist()
        return self.codes[first:last].tobytes().decode()

    def take(self, rows: np.ndarray) -> List[str]:
        """Return the texts of some rows, int64 ``(n,)``."""
        firsts, lasts = self.offsets[rows], self.offsets[rows + 1]
        return [
            self.codes[first:last].tobytes().decode()
            for first, last in zip(firsts.tolist(), lasts.tolist())
        ]

    def all(self) -> Iterator[str]:
        """Return the texts one by one."""
        return map(self.of, range(len(self.offsets) - 1))
