"""Which labels to ask for, so that the answers tell most of all."""

from typing import NamedTuple

import numpy as np

from mmwsml.evaluation.class_frequency import fit_curves

#: Answers that a stratum gets, about.
PER_STRATUM = 7
#: What a label counts in the draw, at least, of the most that one can: scores
#: near 0 hide positives, too.
FLOOR = 0.04


class Labels(NamedTuple):
    """What is said, and what is known, of N images and K classes."""

    #: Float ``(N, K)`` in [0, 1], after the sigmoid.
    scores: np.ndarray
    #: Bool ``(N, K)``: known positives.
    positive: np.ndarray
    #: Bool ``(N, K)``: neither known to be present nor to be absent.
    unknown: np.ndarray
    #: Bool ``(N, K)``: the score is at its threshold or above.
    predicted: np.ndarray


def guess_chances(labels: Labels) -> np.ndarray:
    """Guess how likely each unknown label is to be positive.

    By the curves that :func:`estimate_frequencies` fits; a class without an
    observed positive has its scores. A guess that is wrong makes intervals
    wide, not wrong.

    Returns:
        ndarray: Float64 ``(N, K)`` in [0, 1].
    """
    chances = labels.scores.astype(float)
    absent = ~labels.unknown & ~labels.positive
    for k in np.flatnonzero(labels.positive.any(0)):
        parts = labels.scores, labels.positive, absent
        curve = fit_curves(*(part[:, [k]] for part in parts))
        chances[:, [k]] = curve.hidden(labels.scores[:, [k]])
    return np.where(labels.unknown, chances, 0)


def stratify(labels: Labels, chances: np.ndarray, budget: int) -> np.ndarray:
    """Part unknown labels by how likely they are, for equal answers each.

    A label weighs the standard deviation that its chance gives it; strata
    hold labels of similar chance and together weigh the same, so that as many
    answers in each are the best allocation (Neyman's). Labels at or above
    their threshold have strata of their own.

    Args:
        labels (Labels): Scores and labels.
        chances (ndarray): From :func:`guess_chances`.
        budget (int): Answers, at least 2.

    Returns:
        ndarray: int64 ``(N, K)`` from 0; -1 where a label is known.
    """
    sizes = np.sqrt(chances * (1 - chances)).clip(FLOOR / 2, None)
    strata = np.full(chances.shape, -1)
    groups = [labels.unknown & (labels.predicted == x) for x in (True, False)]
    weights = [sizes[group].sum() for group in groups]
    wanted, first = max(budget // PER_STRATUM, 2), 0
    for group, weight in zip(groups, weights):
        if not group.any():
            continue
        number = max(round(wanted * weight / sum(weights)), 1)
        order = np.argsort(chances[group], kind='stable')
        ends = sizes[group][order].cumsum() / weight
        part = np.empty(len(order), int)
        part[order] = np.minimum(ends * number, number - 1)
        _, part = np.unique(part, return_inverse=True)
        strata[group] = first + part
        first += part.max() + 1
    return strata


def draw(strata: np.ndarray, budget: int, seed: int) -> np.ndarray:
    """Draw labels, as many of each stratum as there are, or an equal share.

    Args:
        strata (ndarray): From :func:`stratify`.
        budget (int): How many.
        seed (int): Of the draw.

    Returns:
        ndarray: Places in the flattened ``(N, K)``, int64, in random order.
    """
    rng = np.random.default_rng(seed)
    places = rng.permutation(np.flatnonzero(strata.ravel() >= 0))
    of = strata.ravel()[places]
    rank = np.empty(len(of), int)
    order = np.argsort(of, kind='stable')
    counts = np.bincount(of)
    starts = np.repeat(counts.cumsum() - counts, counts)
    rank[order] = np.arange(len(of)) - starts
    # First of each stratum, then second of each, ...
    return rng.permutation(places[np.argsort(rank, kind='stable')[:budget]])
