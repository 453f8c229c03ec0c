"""Ranking measured on positives alone: what is unobserved counts as absent."""

from typing import NamedTuple

import numpy as np

from mmwsml.evaluation.functional import average_precision_of_class

#: Observed positives of a class below which its numbers are mostly chance.
FEW = 10


class PositiveUnlabeled(NamedTuple):
    """Of K classes; NaN where a class has no positive, or nothing else."""

    #: Average precision, float64 ``(K,)`` in [0, 1].
    ap: np.ndarray
    #: Area under the ROC curve, float64 ``(K,)`` in [0, 1].
    auc: np.ndarray


def positive_unlabeled(
    scores: np.ndarray, positive: np.ndarray
) -> PositiveUnlabeled:
    """Rank observed positives against all other images, class by class.

    Equal to scikit-learn's ``average_precision_score`` and ``roc_auc_score``
    of the observed positives; see
    :class:`~mmwsml.evaluation.PositiveUnlabeledMetric` for what they tell.

    Args:
        scores (ndarray): Scores or logits, float ``(N, K)``.
        positive (ndarray): Observed positives, bool ``(N, K)``.
    """
    ap, auc = np.full((2, scores.shape[1]), np.nan)
    for k, column in enumerate(scores.T):
        hits = column[positive[:, k] != 0]
        if len(hits):
            ap[k] = average_precision_of_class(column, hits)
            auc[k] = roc_auc_of_class(column, hits)
    return PositiveUnlabeled(ap, auc)


def roc_auc_of_class(scores: np.ndarray, positives: np.ndarray) -> float:
    """Compute the area under the ROC curve of one class.

    The chance that a positive scores higher than another entry; equal scores
    count a half.

    Args:
        scores (ndarray): Of all entries, float ``(M,)``, not NaN.
        positives (ndarray): Those among them of positives, float ``(P,)``.

    Returns:
        float: In [0, 1]; NaN without a positive, or with nothing else.
    """
    num_others = len(scores) - len(positives)
    if not len(positives) or not num_others:
        return np.nan
    # Twice the entries below, plus those equal: of all, less of positives.
    below = _twice_below(np.sort(scores), positives)
    among = _twice_below(np.sort(positives), positives)
    wins = (below - among).sum()
    return float(wins / (2 * len(positives) * num_others))


def _twice_below(ascending: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Count entries below each value, and half of the equal ones, twice."""
    left = np.searchsorted(ascending, values, side='left')
    return left + np.searchsorted(ascending, values, side='right')
