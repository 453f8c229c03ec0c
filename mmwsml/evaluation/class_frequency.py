"""How many positives each class has, from those that are observed."""

from typing import NamedTuple, Tuple

import numpy as np

from mmwsml.evaluation.positive_unlabeled import FEW

#: Width of the bound by which a threshold is chosen, in standard errors: for
#: the estimate, and for the lower and the upper end of intervals. With little
#: the threshold is one that chance favours, with much one that lets through
#: what is not positive.
CAUTION = (2.5, 2.0, 3.0)
NUM_RESAMPLES = 200


class ClassFrequencies(NamedTuple):
    """Estimated positives of K classes among N images, hidden ones too."""

    #: Float64 ``(K,)``; NaN for a class without an observed positive.
    number: np.ndarray
    #: Float64 ``(K, 2)``: intervals of 95 %.
    interval: np.ndarray
    #: Of all classes together, and its interval.
    total: float
    total_interval: Tuple[float, float]
    #: Bool ``(K,)``: too few observed positives for more than an interval.
    few: np.ndarray
    #: Bool ``(K,)``: the estimate lay outside [observed, all].
    clamped: np.ndarray


def estimate_frequencies(
    scores: np.ndarray,
    positive: np.ndarray,
    negative: np.ndarray,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = 0,
) -> ClassFrequencies:
    """Estimate the positives of each class, observed and hidden.

    Of the images above a threshold some share is observed as positive. Where
    labels were observed at random within the class, that is c times the share
    that is positive, with c the chance of a positive to be observed; so it is
    c at most, and c where nothing but positives lies above. The largest share
    over all thresholds, each by its lower bound (Wilson's), is taken for c,
    and the positives are the observed ones divided by it. ("Best bin
    estimation", there with a bound that on classes of a hundred positives
    says next to nothing: `Mixture Proportion Estimation and PU Learning: A
    Modern Approach <https://arxiv.org/abs/2111.00980>`_, NeurIPS 2021.)

    It is too high where no score is high enough to be sure, somewhat too low
    where all are, since the largest of many equal shares is one that chance
    has raised, and means nothing where observation follows what the image
    shows. Scores must be those of a model that has not trained on the images.
    Intervals are of images drawn anew; the upper end makes up for the same
    chance, which in draws of draws comes twice.

    Args:
        scores (ndarray): Scores or logits, float ``(N, K)``.
        positive (ndarray): Observed positives, bool ``(N, K)``.
        negative (ndarray): Observed negatives, bool ``(N, K)``.
        num_resamples (int): Draws of N images for the intervals.
        seed (int): Of the draws.
    """
    num_images, num_classes = scores.shape
    weights = _draw(num_images, num_resamples, seed)
    observed = positive.sum(0)
    found = np.full((len(CAUTION), len(weights), num_classes), np.nan)
    for k in np.flatnonzero(observed):
        found[..., k] = num_images * _best_bins(
            scores[:, k], positive[:, k], weights
        )
    return _sum_up(found, observed, num_images - negative.sum(0))


def count_complete(
    positive: np.ndarray,
    complete: np.ndarray,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = 0,
) -> ClassFrequencies:
    """Count positives in the images with complete labels.

    Args:
        positive (ndarray): Observed positives, bool ``(N, K)``.
        complete (ndarray): Images that are drawn at random from all and whose
            labels are complete, bool ``(N,)``.
        num_resamples (int): Draws of images for the intervals.
        seed (int): Of the draws.
    """
    rows = positive[complete].astype(float)
    weights = _draw(len(rows), num_resamples, seed)
    found = len(positive) / len(rows) * (weights @ rows)
    # Of all images, these are no sample: what is left to draw is the rest.
    found[1:] = found[0] + (found[1:] - found[0]) * np.sqrt(
        1 - len(rows) / len(positive)
    )
    absent = (~positive & complete[:, None]).sum(0)
    return _sum_up(found[None], positive.sum(0), len(positive) - absent)


def _draw(num_images: int, num_resamples: int, seed: int) -> np.ndarray:
    """Draw images with replacement, how often each; first all of them."""
    rng = np.random.default_rng(seed)
    shares = np.full(num_images, 1 / num_images)
    weights = rng.multinomial(num_images, shares, num_resamples)
    return np.vstack([np.ones(num_images, int), weights])


def _sum_up(
    found: np.ndarray, observed: np.ndarray, most: np.ndarray
) -> ClassFrequencies:
    """Sum up estimates, float ``(1 or 3, 1 + R, K)``; draws follow the data.

    The first is the estimate; the last two span the intervals.
    """
    clamped = (found[0, 0] < observed) | (found[0, 0] > most)
    found = found.clip(observed, most)
    totals = np.nansum(found, -1)
    low, high = _interval(found, most)
    possible = most[~np.isnan(found[0, 0])].sum()
    ends = _interval(totals, possible)
    return ClassFrequencies(
        found[0, 0],
        np.stack([low, high], 1),
        float(totals[0, 0]),
        (float(ends[0]), float(ends[1])),
        observed < FEW,
        clamped,
    )


def _interval(
    found: np.ndarray, most: np.ndarray
) -> Tuple[np.ndarray, np.ndarray]:
    """Span 95 %, each end with its own caution, the estimate inside."""
    lower, upper = found[min(1, len(found) - 1)], found[-1]
    low = np.percentile(lower[1:], 2.5, axis=0)
    below, above = np.percentile(upper[1:], (2.5, 97.5), axis=0)
    high = np.minimum(np.maximum(above, 2 * upper[0] - below), most)
    return np.minimum(low, found[0, 0]), np.maximum(high, found[0, 0])


def _best_bins(
    scores: np.ndarray, positive: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Estimate the share of positives, float64 ``(3, R)``.

    Args:
        scores (ndarray): Of one class, float ``(N,)``.
        positive (ndarray): Observed positives, bool ``(N,)``.
        weights (ndarray): How often each image counts, int ``(R, N)``.
    """
    order = np.argsort(-scores, kind='stable')
    falling = -scores[order]
    # Equal scores form one threshold, which is the last of them.
    ends = np.searchsorted(falling, falling, side='right') - 1
    ends = np.unique(ends[positive[order]])
    passed = weights[:, order].cumsum(1)
    hits = (weights * positive)[:, order].cumsum(1)
    observed = hits[:, -1] / passed[:, -1]
    passed, hits = np.maximum(passed[:, ends], 1), hits[:, ends]
    found = []
    for caution in CAUTION:
        best = _wilson(hits, passed, caution).argmax(1)[:, None]
        shown = np.take_along_axis(hits / passed, best, 1)[:, 0]
        # A draw without a positive has none, whatever share is shown.
        found.append(observed / np.where(shown > 0, shown, 1))
    return np.stack(found)


def _wilson(hits: np.ndarray, number: np.ndarray, z: float) -> np.ndarray:
    """Bound a share from below, by Wilson's interval."""
    share = hits / number
    middle = share + z**2 / (2 * number)
    spread = share * (1 - share) / number + (z / (2 * number)) ** 2
    return (middle - z * np.sqrt(spread)) / (1 + z**2 / number)
