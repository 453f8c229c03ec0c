"""Whether images show a label by its class, where they may show several."""

from typing import Iterable, Tuple

import numpy as np

from mmwsml.structures.processes import gather_array

#: Images that a pair of classes needs, and all pairs together.
LEAST, LEAST_ALL = 8, 20


def measure_one_sided(
    batches: Iterable[Tuple[np.ndarray, np.ndarray]], limits: np.ndarray
) -> float:
    """Measure how often it is the same of two classes that is shown.

    An image is a case of two classes where both score as high as half of
    their observed positives do, and one of them is observed. Whoever labels
    any of what an image has shows now this and now that one; whoever labels
    what is frequent, rare or simply comes first in a list shows always the
    same. Of each pair the class that is shown more often counts.

    Classes of different precision are one-sided, too, so that even a fair
    choice is far from 50 %: docs/evaluation.md has what was measured. A
    choice that does not go by the class is not seen.

    Args:
        batches (Iterable): Scores and observed positives of the images of
            this process, float and bool ``(B, K)``.
        limits (ndarray): The median score of observed positives of each
            class, float ``(K,)``; NaN without one.

    Returns:
        float: In [0, 1]; NaN where too few images show one of two. The same
        on each process.
    """
    limits = np.where(np.isnan(limits), np.inf, limits)
    size = len(limits)
    codes = [np.empty(0, np.int64)]
    for scores, positive in batches:
        high = scores >= limits
        rows, shown = np.nonzero(high & positive)
        at, hidden = np.nonzero((high & ~positive)[rows])
        codes.append(shown[at] * size + hidden)
    counted = np.unique(np.concatenate(codes), return_counts=True)
    table = gather_array(np.stack(counted, 1).astype(np.int64))
    one, other = np.divmod(table[:, 0], size)
    pair = np.minimum(one, other) * size + np.maximum(one, other)
    _, place = np.unique(pair, return_inverse=True)
    wins = np.zeros((2, len(pair)), np.int64)
    np.add.at(wins, ((one < other).astype(int), place), table[:, 1])
    wins = wins[:, wins.sum(0) >= LEAST]
    total = wins.sum()
    return float(wins.max(0).sum() / total) if total >= LEAST_ALL else np.nan


def median_scores(scores: np.ndarray, positive: np.ndarray) -> np.ndarray:
    """Return the median score of observed positives, float ``(K,)``.

    Args:
        scores (ndarray): Float ``(N, K)``.
        positive (ndarray): Observed positives, bool ``(N, K)``.

    Returns:
        ndarray: NaN of a class without one.
    """
    shown = np.ma.array(scores, mask=~positive, dtype=np.float64)
    return np.ma.median(shown, 0).filled(np.nan)
