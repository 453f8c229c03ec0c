"""Images and tables of labels, as a person would bring them to a fit."""

import csv
import json
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

import cv2
import numpy as np
from verdict_data import hide

from mmwsml.datasets.image_file import read_image
from mmwsml.structures.whole_file import whole_file

SPLITS = 'train', 'val', 'test'


class Part(NamedTuple):
    """A split: pictures, and what is said of them."""

    #: Unsigned bytes, ``(H, W, 3)``.
    images: List[np.ndarray]
    #: Bool ``(N, K)``.
    positive: np.ndarray
    observed: np.ndarray
    #: What the pictures show, where nothing has been spoilt, ``(N, K)``.
    truth: Optional[np.ndarray] = None

    def take(self, rows: np.ndarray) -> 'Part':
        """Take some images."""
        images = [self.images[row] for row in rows]
        return Part(images, self.positive[rows], self.observed[rows])


class Given(NamedTuple):
    """All that a person brings."""

    classes: Tuple[str, ...]
    #: 'train', 'val' and 'test'.
    parts: Dict[str, Part]

    def replace(self, **parts: Part) -> 'Given':
        """Give some splits another content."""
        return self._replace(parts={**self.parts, **parts})


def draw_given(
    annotations: Path,
    images: Path,
    sizes: Tuple[int, ...],
    how: str,
    seed: int,
    hidden: Sequence[str] = ('train',),
) -> Given:
    """Draw photographs for each split.

    Args:
        annotations (Path): Folder of train.json, val.json and test.json.
        images (Path): Folder of the images.
        sizes (tuple[int]): Images of each split.
        how (str): What is known where labels are hidden, as in
            :func:`hide`.
        seed (int): Of the draw.
        hidden (Sequence[str]): Splits whose labels are hidden. Defaults to
            training alone.
    """
    rng = np.random.default_rng(seed)
    parts = {}
    for split, size in zip(SPLITS, sizes):
        content = json.loads((annotations / f'{split}.json').read_text())
        classes = content['metainfo']['classes']
        entries = content['data_list']
        rows = rng.permutation(len(entries))[:size]
        truth = np.zeros((size, len(classes)), bool)
        pictures = []
        for place, row in enumerate(rows):
            truth[place, entries[row]['gt_label']] = True
            path = images / entries[row]['img_path']
            pictures.append(read_image(str(path)))
        known = hide(truth, how if split in hidden else 'all', rng)
        parts[split] = Part(pictures, *known, truth)
    return Given(tuple(map(str, classes)), parts)


def write_given(given: Given, folder: Path) -> None:
    """Write images/ and a table for each split, without a hint in names."""
    (folder / 'images').mkdir(parents=True)
    order = np.random.default_rng(0)
    number = sum(len(part.images) for part in given.parts.values())
    names = iter([f'{n:05d}.jpg' for n in order.permutation(number)])
    for split, part in given.parts.items():
        with whole_file(folder / f'{split}.csv', newline='') as file:
            if part.truth is not None:
                np.save(folder / f'{split}.npy', part.truth)
            table = csv.writer(file)
            table.writerow(['image', *given.classes])
            for row, image in enumerate(part.images):
                name = next(names)
                quality = [cv2.IMWRITE_JPEG_QUALITY, 92]
                path = str(folder / 'images' / name)
                cv2.imwrite(path, image, quality)
                marks = np.where(part.positive[row], '1', '0')
                marks = np.where(part.observed[row], marks, '')
                table.writerow([name, *marks])
