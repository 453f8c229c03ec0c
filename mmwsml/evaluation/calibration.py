"""Thresholds of the best F1, and how far scores are from probabilities."""

from typing import NamedTuple, Optional

import numpy as np

from mmwsml.structures.checks import check_number


class F1Scores(NamedTuple):
    """F1 at given thresholds, in [0, 1]."""

    #: Float64 ``(K,)``; NaN for a class without an observed positive, and
    #: for one of positives alone, which a model gets right that says
    #: "present" of every image.
    classes: np.ndarray
    #: Mean over the other classes; NaN without any.
    macro: float
    #: Of the observed entries of all classes together, those of positives
    #: alone left out; NaN where no positive is left.
    micro: float


class Reliability(NamedTuple):
    """Observed entries, for each class in B bins of equal width of [0, 1].

    Bin b of B holds the scores in [b / B, (b + 1) / B), the last one also 1.
    A class of positives alone has no entries here: that its share of
    positives is 1 was decided by whoever chose what to observe.
    """

    #: Int64 ``(K, B)``: entries.
    num_entries: np.ndarray
    #: Float64 ``(K, B)``: sum of their scores.
    score_sum: np.ndarray
    #: Int64 ``(K, B)``: positives among them.
    num_positives: np.ndarray

    def total(self) -> 'Reliability':
        """Take all classes as one, ``(1, B)``."""
        return Reliability(*(part.sum(0, keepdims=True) for part in self))

    def error(self) -> np.ndarray:
        """Compute the expected calibration error of each class, in percent.

        The mean over entries of how far the mean score of their bin is from
        the share of positives there.

        Returns:
            ndarray: Float64 ``(K,)`` in [0, 100]; NaN for a class without
            entries.
        """
        gaps = np.abs(self.score_sum - self.num_positives).sum(1)
        entries = self.num_entries.sum(1)
        gaps[entries == 0] = np.nan
        return 100 * gaps / np.maximum(entries, 1)


def best_thresholds(
    scores: np.ndarray, target: np.ndarray, observed: Optional[np.ndarray]
) -> np.ndarray:
    """Find the threshold of each class that maximises its F1.

    A score at or above it says "present". It lies midway between the last
    score that does and the next lower one (0 below the lowest), so that
    rounding changes nothing. Of thresholds of the same F1 the highest counts.

    Args:
        scores (ndarray): After the sigmoid, float ``(N, K)`` in [0, 1].
        target (ndarray): Whether the class is present, bool ``(N, K)``.
        observed (ndarray, optional): Entries that count, bool ``(N, K)``.
            None: all of them.

    Returns:
        ndarray: Float64 ``(K,)`` in [0, 1]; NaN for a class without an
        observed positive, and for one of positives alone, whose best
        threshold lies below all scores, whatever these are.
    """
    found = np.full(scores.shape[1], np.nan)
    for k in range(scores.shape[1]):
        kept = slice(None) if observed is None else observed[:, k]
        found[k] = _best_threshold(scores[kept, k], target[kept, k])
    return found


def _best_threshold(scores: np.ndarray, target: np.ndarray) -> float:
    if not target.any() or target.all():
        return np.nan
    order = np.argsort(-scores, kind='stable')
    scores = scores[order].astype(np.float64)
    hits = np.cumsum(target[order], dtype=np.int64)
    # Equal scores are taken together: only the last of them can be a cut.
    last = np.append(np.flatnonzero(np.diff(scores)), len(scores) - 1)
    f1 = 2 * hits[last] / (last + 1 + hits[-1])
    cut = last[np.argmax(f1)]
    below = scores[cut + 1] if cut + 1 < len(scores) else 0.0
    return float(scores[cut] + below) / 2


def f1_scores(
    scores: np.ndarray,
    target: np.ndarray,
    observed: Optional[np.ndarray],
    thresholds: np.ndarray,
) -> F1Scores:
    """Compute F1 over the observed entries.

    Args:
        scores (ndarray): As in :func:`best_thresholds`.
        target (ndarray): Likewise.
        observed (ndarray, optional): Likewise.
        thresholds (ndarray): A score at or above says "present", float
            ``(K,)``.

    Returns:
        F1Scores: F1 of each class, their mean, and that of all entries.
    """
    counts = np.zeros((3, scores.shape[1]), np.int64)
    for k, threshold in enumerate(np.asarray(thresholds, np.float64)):
        kept = slice(None) if observed is None else observed[:, k]
        truth = target[kept, k]
        if truth.all():
            continue
        present = scores[kept, k].astype(np.float64) >= threshold
        counts[:, k] = (present & truth).sum(), present.sum(), truth.sum()
    hits, said, true = counts
    classes = 2.0 * hits
    classes[true == 0] = np.nan
    classes /= np.maximum(said + true, 1)
    counted = classes[true > 0]
    macro = float(counted.mean()) if len(counted) else np.nan
    positives = true.sum()
    micro = 2 * hits.sum() / (said.sum() + positives) if positives else np.nan
    return F1Scores(classes, macro, float(micro))


def reliability(
    scores: np.ndarray,
    target: np.ndarray,
    observed: Optional[np.ndarray],
    num_bins: int = 15,
) -> Reliability:
    """Count the observed entries by their score.

    Args:
        scores (ndarray): As in :func:`best_thresholds`.
        target (ndarray): Likewise.
        observed (ndarray, optional): Likewise.
        num_bins (int): B, at least 1. Defaults to 15.

    Returns:
        Reliability: What :meth:`Reliability.error` and a diagram need.

    Raises:
        ValueError: If ``num_bins`` is below 1.
    """
    check_number('num_bins', num_bins, 1)
    shape = scores.shape[1], num_bins
    table = Reliability(*(np.zeros(shape, t) for t in (int, float, int)))
    for k in range(shape[0]):
        kept = slice(None) if observed is None else observed[:, k]
        if target[kept, k].all():
            continue
        values = scores[kept, k].astype(np.float64)
        bins = np.minimum((values * num_bins).astype(int), num_bins - 1)
        for part, weights in zip(table, (None, values, target[kept, k])):
            part[k] = np.bincount(bins, weights, num_bins)
    return table
