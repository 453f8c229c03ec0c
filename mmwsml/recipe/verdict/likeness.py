"""Which images look like which, by features."""

from functools import cached_property
from typing import Dict, Iterator, Optional, Tuple

import numpy as np

from .facts import SplitFacts
from .features import left_out_auc, nearest
from .statistics import COMPARED, Spread

#: Training images that others are compared with, so many at once, and images
#: whose distances to each other say what is usual.
SEARCHED, BLOCK, PAIRED = 50_000, 5000, 300


class Likeness:
    """Distances between images of splits, each measured once.

    Args:
        splits (dict[str, SplitFacts]): 'train' among them.
    """

    def __init__(self, splits: Dict[str, SplitFacts]) -> None:
        self._splits = splits

    @cached_property
    def _searched(self) -> Optional[np.ndarray]:
        features = usable(self._splits['train'])
        if features is None:
            return None
        return features[spaced_rows(len(features), SEARCHED)]

    @cached_property
    def own(self) -> Optional[np.ndarray]:
        """Of training images to the nearest other one."""
        if self._searched is None:
            return None
        places = spaced_rows(len(self._searched), COMPARED // 2)
        rows, found = self._searched[places], np.full(len(places), np.inf)
        for start, block in self._blocks():
            inside = (places >= start) & (places < start + len(block))
            for part, own in (
                (inside, places[inside] - start),
                (~inside, None),
            ):
                if part.any() and (own is None or len(block) > 1):
                    near = nearest(rows[part], block, own)
                    found[part] = np.minimum(found[part], near)
        return found

    def _blocks(self) -> Iterator[Tuple[int, np.ndarray]]:
        if self._searched is not None:
            for start in range(0, len(self._searched), BLOCK):
                yield start, self._searched[start : start + BLOCK]

    @cached_property
    def usual(self) -> float:
        """Of two training images; NaN where there are no features."""
        features = usable(self._splits['train'])
        if features is None:
            return float('nan')
        rows = features[spaced_rows(len(features), PAIRED)].astype(float)
        rows -= rows.mean(0)
        squares = (rows**2).sum(1)
        found = squares[:, None] + squares - 2 * rows @ rows.T
        pairs = found[np.triu_indices(len(rows), 1)]
        return float(np.sqrt(np.maximum(np.median(pairs), 0)))

    def to_training(self, split: str) -> Optional[np.ndarray]:
        """Of images of a split to the nearest of training."""
        features = usable(self._splits.get(split))
        if features is None or self._searched is None:
            return None
        rows = features[spaced_rows(len(features), COMPARED // 2)]
        near = [nearest(rows, block) for _, block in self._blocks()]
        return np.min(near, 0)

    def shift(self, split: str) -> Optional[Spread]:
        """How well a split is told from training."""
        picked = []
        for name in ('train', split):
            features = usable(self._splits.get(name))
            if features is None:
                return None
            picked.append(features[spaced_rows(len(features), COMPARED // 2)])
        sides = np.repeat([False, True], [len(x) for x in picked])
        return left_out_auc(np.concatenate(picked), sides[:, None])


def usable(part: Optional[SplitFacts]) -> Optional[np.ndarray]:
    """Return the features of a split, if they are finite and of some images.

    Args:
        part (SplitFacts, optional): None: there is no such split.
    """
    features = part.features if part else None
    if features is None or len(features) < 2:
        return None
    return features if np.isfinite(features).all() else None


def spaced_rows(number: int, most: int) -> np.ndarray:
    """Take some of the rows, evenly spaced."""
    return np.linspace(0, number - 1, min(number, most)).astype(int)
