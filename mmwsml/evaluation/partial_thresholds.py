"""Thresholds of classes of which only positives are observed."""

import numpy as np


def partial_thresholds(
    scores: np.ndarray, positive: np.ndarray, shares: np.ndarray
) -> np.ndarray:
    """Find the threshold of each class that maximises its estimated F1.

    Where labels are observed at random within a class, recall r is that of
    the observed positives. A share q of all images is said to be positive and
    a share p is, so that F1 = 2 r p / (p + q). Where nobody knows p, r^2 / q
    is maximised, which is proportional to precision times recall: `Learning
    with Positive and Unlabeled Examples Using Weighted Logistic Regression
    <https://dl.acm.org/doi/10.5555/3041838.3041895>`_ (Lee and Liu, ICML
    2003).

    Thresholds lie midway between two scores, and of equally good ones the
    highest counts, as in :func:`best_thresholds`.

    Args:
        scores (ndarray): After the sigmoid, float ``(N, K)`` in [0, 1].
        positive (ndarray): Observed positives, bool ``(N, K)``.
        shares (ndarray): Of images that show each class, p, float ``(K,)``;
            NaN where it is not known.

    Returns:
        ndarray: Float64 ``(K,)`` in [0, 1]; NaN without a positive.
    """
    found = np.full(scores.shape[1], np.nan)
    for k in np.flatnonzero(positive.any(0)):
        order = np.argsort(-scores[:, k], kind='stable')
        falling = scores[order, k].astype(np.float64)
        hits = positive[order, k].cumsum()
        last = np.append(np.flatnonzero(np.diff(falling)), len(falling) - 1)
        recall, said = hits[last] / hits[-1], (last + 1) / len(falling)
        cut = last[_criterion(recall, said, shares[k]).argmax()]
        below = falling[cut + 1] if cut + 1 < len(falling) else 0.0
        found[k] = (falling[cut] + below) / 2
    return found


def partial_f1(
    scores: np.ndarray,
    positive: np.ndarray,
    shares: np.ndarray,
    thresholds: np.ndarray,
) -> np.ndarray:
    """Estimate the F1 of each class at its threshold.

    Args:
        scores (ndarray): As in :func:`partial_thresholds`.
        positive (ndarray): Likewise.
        shares (ndarray): Likewise.
        thresholds (ndarray): A score at or above says "present", ``(K,)``.

    Returns:
        ndarray: Float64 ``(K,)`` in [0, 1]; NaN without a positive or a
        share.
    """
    said = scores >= thresholds
    observed = positive.sum(0)
    recall = (said & positive).sum(0) / np.maximum(observed, 1)
    recall[observed == 0] = np.nan
    # More than all that is said to be present cannot be right.
    right = np.minimum(recall * shares, said.mean(0))
    return 2 * right / (shares + said.mean(0))


def _criterion(
    recall: np.ndarray, said: np.ndarray, share: float
) -> np.ndarray:
    if np.isnan(share):
        return recall**2 / said
    right = np.minimum(recall * share, said)
    return 2 * right / (share + said)
