"""Average precision as scikit-learn defines it."""

from typing import Optional

import numpy as np


def average_precision(
    scores: np.ndarray, target: np.ndarray, observed: Optional[np.ndarray]
) -> np.ndarray:
    """Compute the average precision of each class over its observed entries.

    Equal scores form one threshold, so that the result does not depend on the
    order of the images: the sum over thresholds of (recall - last recall) *
    precision.

    Args:
        scores (ndarray): Scores or logits, float ``(N, K)``.
        target (ndarray): 1 for a positive, else 0, ``(N, K)``.
        observed (ndarray, optional): Entries that count, bool ``(N, K)``.
            None: all of them.

    Returns:
        ndarray: Float64 ``(K,)`` in [0, 1]; 0 for a class observed without a
        positive, NaN for a class without an observed entry.
    """
    result = np.full(scores.shape[1], np.nan)
    for k in range(scores.shape[1]):
        kept = slice(None) if observed is None else observed[:, k]
        result[k] = _average_precision(scores[kept, k], target[kept, k])
    return result


def _average_precision(scores: np.ndarray, target: np.ndarray) -> float:
    """Compute the average precision of one class, NaN without entries."""
    if not len(scores):
        return np.nan
    order = np.argsort(-scores, kind='stable')
    scores = scores[order]
    hits = np.cumsum(target[order], dtype=np.float64)
    if hits[-1] == 0:
        return 0.0
    last = np.append(np.flatnonzero(scores[1:] != scores[:-1]), len(hits) - 1)
    gained = np.diff(hits[last], prepend=0)
    return float(gained @ (hits[last] / (last + 1)) / hits[-1])
