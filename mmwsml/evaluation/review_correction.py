"""How far answers are from what was likely, and what that does to a mAP."""

from typing import NamedTuple

import numpy as np


class Answered(NamedTuple):
    """A answers that were drawn from strata."""

    #: In the flattened ``(N, K)``, int ``(A,)``.
    places: np.ndarray
    #: Bool ``(A,)``: the class is present.
    present: np.ndarray
    #: How likely that was, float ``(A,)`` in [0, 1].
    chance: np.ndarray
    #: Labels of its stratum without an answer that each stands for, ``(A,)``.
    weight: np.ndarray


def correct_map(
    scores: np.ndarray,
    share: np.ndarray,
    answered: Answered,
    drawn: np.ndarray,
) -> np.ndarray:
    """Draw what a mAP of drawn labels is short of, or has too much.

    Strata hold labels of all classes and ranks. Where one class has its
    positives higher up than others of the same chance, drawn labels miss that,
    and a mAP follows the ranks. Answers tell: to first order the difference is
    the sum of (answer - chance) times the derivative of the mAP, each answer
    for those that it stands for (the difference estimator of sampling, of a
    linearised statistic: Särndal, Swensson and Wretman, Model Assisted Survey
    Sampling, 1992). It is kept as far as it stands out of its own error
    (positive-part James-Stein), since alone it is wider than what it corrects.

    Args:
        scores (ndarray): Float ``(N, K)``.
        share (ndarray): How often each label was drawn, float ``(N, K)`` in
            [0, 1].
        answered (Answered): The answers.
        drawn (ndarray): Standard normal numbers, ``(R,)``.

    Returns:
        ndarray: To add to each of R mAPs in [0, 1], float64 ``(R,)``.
    """
    slope = differentiate_map(scores, share).ravel()[answered.places]
    slope = slope * answered.weight
    short = (slope * (answered.present - answered.chance)).sum()
    variance = slope**2 * answered.chance * (1 - answered.chance)
    error = np.sqrt(variance.sum())
    if abs(short) <= error:
        return np.zeros(len(drawn))
    return (1 - (error / short) ** 2) * (short + error * drawn)


def differentiate_map(scores: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Differentiate the mAP by each label, where labels are shares.

    Args:
        scores (ndarray): Float ``(N, K)``; equal ones stand in their order.
        share (ndarray): Float ``(N, K)`` in [0, 1].

    Returns:
        ndarray: Float64 ``(N, K)``; 0 of a class without a positive.
    """
    found = np.zeros(share.shape)
    rank = np.arange(1, len(share) + 1)
    classes = np.flatnonzero(share.any(0))
    for k in classes:
        order = np.argsort(-scores[:, k], kind='stable')
        part = share[order, k]
        above = part.cumsum()
        total = above[-1]
        precision = (above - part + 1) / rank
        later = (part / rank)[::-1].cumsum()[::-1] - part / rank
        value = (part * precision).sum() / total
        found[order, k] = (precision + later - value) / total
    return found / max(len(classes), 1)
