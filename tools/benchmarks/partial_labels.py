"""What is kept of complete labels, in three ways."""

from typing import Callable, Dict

import numpy as np

Hide = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def keep_one(truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Keep one positive an image, any."""
    rank = np.where(truth, rng.random(truth.shape), -1)
    return truth & (rank == rank.max(1, keepdims=True))


def keep_40(truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Keep each positive with a chance of 40 %."""
    return truth & (rng.random(truth.shape) < 0.4)


def keep_frequent(truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Keep of each image the positive of its most frequent class."""
    rank = np.where(truth, truth.sum(0), -1)
    return truth & (rank == rank.max(1, keepdims=True))


HIDE: Dict[str, Hide] = {
    'one positive an image': keep_one,
    '40 % of positives': keep_40,
    'the most frequent class of an image': keep_frequent,
}
