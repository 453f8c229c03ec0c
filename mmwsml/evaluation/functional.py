"""Average precision as scikit-learn defines it."""

from typing import Optional

import numpy as np


def average_precision(
    scores: np.ndarray, target: np.ndarray, observed: Optional[np.ndarray]
) -> np.ndarray:
    """Compute the average precision of each class over its observed entries.

    Args:
        scores (ndarray): Scores or logits, float ``(N, K)``.
        target (ndarray): 1 for a positive, else 0, ``(N, K)``.
        observed (ndarray, optional): Entries that count, bool ``(N, K)``.
            None: all of them.

    Returns:
        ndarray: Float64 ``(K,)`` in [0, 1]; 0 for a class observed without a
        positive, NaN for a class without an observed entry, or with positives
        alone: it would be 1 whatever the scores are.
    """
    result = np.full(scores.shape[1], np.nan)
    for k in range(scores.shape[1]):
        kept = slice(None) if observed is None else observed[:, k]
        column = scores[kept, k]
        result[k] = average_precision_of_class(
            column, column[target[kept, k] != 0]
        )
    return result


def average_precision_of_class(
    scores: np.ndarray, positives: np.ndarray
) -> float:
    """Compute the average precision of one class.

    Equal scores form one threshold, so that the result does not depend on the
    order of the images: the sum over thresholds of (recall - last recall) *
    precision. That is the mean over positives of the precision at their
    score, which needs scores to be sorted but not the labels along with them.

    Args:
        scores (ndarray): Of all observed entries, float ``(M,)``, not NaN.
        positives (ndarray): Those among them of positives, float ``(P,)``.

    Returns:
        float: In [0, 1]; 0 without a positive, NaN without an entry or where
        all are positive.
    """
    if len(scores) == len(positives):
        return np.nan
    if not len(positives):
        return 0.0
    positives = np.sort(positives)
    predicted = _count_from(np.sort(scores), positives)
    hits = _count_from(positives, positives)
    return float((hits / predicted).mean())


def positives_alone(
    target: np.ndarray, observed: Optional[np.ndarray]
) -> np.ndarray:
    """Mark the classes whose observed entries are all positive.

    No model can be wrong there: precision, F1 and average precision are 1
    for one that says "present" of every image.

    Args:
        target (ndarray): As in :func:`average_precision`.
        observed (ndarray, optional): Likewise.

    Returns:
        ndarray: Bool ``(K,)``.
    """
    positive = target != 0
    if observed is None:
        observed = np.ones_like(positive)
    num_positives = (positive & observed).sum(0)
    return (num_positives > 0) & (num_positives == observed.sum(0))


def _count_from(ascending: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Count the values at or above each threshold."""
    return len(ascending) - np.searchsorted(ascending, thresholds)
