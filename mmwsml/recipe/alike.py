"""Images that are nearly the same and must not be split."""

import hashlib
import os
from collections import defaultdict
from typing import Dict, Iterable, List, Sequence, Tuple

import numpy as np

#: Cosine of the features of two images from which they are one: of 750
#: photographs the most alike two have 0.84; of 95 % of copies that are
#: brighter, shifted by a twentieth or packed anew it is above.
COSINE = 0.9
#: A larger share of the images that are all alike says nothing of copies.
LARGEST = 20
BLOCK = 1024
#: Of more, pairs take longer than the rest of the work.
MOST_IMAGES = 50_000


def same_files(folder: str, paths: Sequence[str]) -> List[Tuple[int, int]]:
    """Find pairs of files of the same bytes; only those of one size are read.

    Args:
        folder (str): Of the images.
        paths (Sequence[str]): Below it.
    """
    by_size: Dict[int, List[int]] = defaultdict(list)
    for row, path in enumerate(paths):
        by_size[os.path.getsize(os.path.join(folder, path))].append(row)
    first: Dict[bytes, int] = {}
    pairs = []
    for rows in by_size.values():
        for row in rows if len(rows) > 1 else ():
            with open(os.path.join(folder, paths[row]), 'rb') as file:
                digest = hashlib.blake2b(file.read()).digest()
            other = first.setdefault(digest, row)
            if other != row:
                pairs.append((other, row))
    return pairs


def similar_images(features: np.ndarray) -> List[Tuple[int, int]]:
    """Find pairs of images whose features point the same way.

    Args:
        features (ndarray): Of a pre-trained backbone, float ``(N, C)``.
    """
    norms = np.linalg.norm(features, axis=1, keepdims=True)
    unit = (features / np.maximum(norms, 1e-12)).astype(np.float32)
    pairs: List[Tuple[int, int]] = []
    for start in range(0, len(unit), BLOCK):
        block = unit[start : start + BLOCK]
        close = block @ unit[start:].T > COSINE
        rows, others = np.nonzero(np.triu(close, 1))
        pairs += zip((rows + start).tolist(), (others + start).tolist())
    return pairs


def join(groups: Sequence[str], pairs: Iterable[Tuple[int, int]]) -> List[str]:
    """Join the groups of images that belong together.

    Args:
        groups (Sequence[str]): Of each image.
        pairs (Iterable[tuple[int, int]]): Numbers of images.

    Returns:
        list[str]: The first name of each joined group.
    """
    leader = {name: name for name in groups}

    def find(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for one, other in pairs:
        first, second = sorted((find(groups[one]), find(groups[other])))
        leader[second] = first
    return [find(name) for name in groups]


def is_too_much(groups: Sequence[str]) -> bool:
    """Whether one group holds so much that likeness means nothing."""
    counts = np.unique(np.asarray(groups), return_counts=True)[1]
    return len(groups) > LARGEST and LARGEST * counts.max() > len(groups)
