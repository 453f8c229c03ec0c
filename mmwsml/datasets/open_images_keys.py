"""The labels of one split of Open Images as sorted numbers."""

from pathlib import Path
from typing import List, Tuple

import numpy as np

from .open_images_csv import read_image_ids, read_labels
from .open_images_report import Report


def need_file(path: Path) -> Path:
    """Return the path of a file that is there.

    Raises:
        FileNotFoundError: If it is missing.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f'{path} is missing; download it, or give the file of another '
            'release this name.'
        )
    return path


def read_split(
    folder: Path, labels: List[str], report: Report
) -> Tuple[np.ndarray, np.ndarray]:
    """Read labels and images.

    A key is row << 32 | class << 1 | absent: sorted, they are in the order of
    the images, then of the classes.

    Returns:
        tuple[ndarray, ndarray]: The ids, uint64 ``(N,)``, ascending, and the
        keys of the labels, int64, ascending, each once.
    """
    path = need_file(folder / 'annotations-human.csv')
    images = folder / 'images.csv'
    class_of = {label: index for index, label in enumerate(labels)}
    lines = read_labels(path, class_of, report)
    ids = np.unique(lines.ids)
    if images.is_file():
        ids = read_image_ids(images, report)
    rows = np.searchsorted(ids, lines.ids)
    unknown = ids.take(rows, mode='clip') != lines.ids
    if unknown.any():
        strange = np.unique(lines.ids[unknown])
        report.bad(
            f'images that {images.name} lacks',
            f'{path}: the image {strange[0]:016x} must have a line in '
            f'{images}; download both from one release',
            len(strange),
        )
    keys = np.repeat(rows, lines.lengths)
    keys <<= 32
    keys |= lines.codes
    if unknown.any():
        keys = keys[~np.repeat(unknown, lines.lengths)]
    del lines, rows, unknown  # hundreds of megabytes
    return ids, _merge(keys, path, ids, labels, report)


def _merge(
    keys: np.ndarray,
    path: Path,
    ids: np.ndarray,
    labels: List[str],
    report: Report,
) -> np.ndarray:
    """Sort the labels, and keep one of each."""
    keys.sort()
    repeated = keys[1:] == keys[:-1]
    report['repeated lines, merged'] = int(repeated.sum())
    if repeated.any():
        keys = np.delete(keys, np.flatnonzero(repeated))
    entries = keys >> 1
    both = np.flatnonzero(entries[1:] == entries[:-1])
    if len(both):
        row, index = divmod(int(entries[both[0]]), 1 << 31)
        report.bad(
            'labels that are both present and absent',
            f'{path}: a label must be 1 or 0, but the image {ids[row]:016x} '
            f'has lines of {labels[index]} with 1 and with 0; remove one',
            len(both),
        )
        keys = np.delete(keys, np.append(both, both + 1))
    return keys
