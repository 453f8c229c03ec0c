"""How many positives each class has, from those that are observed."""

from typing import NamedTuple, Tuple

import numpy as np

from mmwsml.evaluation.positive_unlabeled import FEW
from mmwsml.evaluation.scaled_logistic import (
    ScaledLogistic,
    fit_scaled_logistic,
)

#: How much the uncertainty of classes has in common, as a correlation.
IN_COMMON = 0.25
#: Errors of the curve itself, of a class and of all alike: standard
#: deviations of the logarithm.
OF_CLASS, OF_ALL = 0.1, 0.06
CHUNK = 64  # classes at a time
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

    Where labels were observed at random within a class, an image is observed
    as positive with the chance c that a positive is, times that it is one:
    c * sigmoid(a s + b), if s is the logit of its score. Where that levels
    off, the level is c. Every c from 4 % to all is as likely before (by its
    logarithm) and weighted by how well its curve fits; the estimate is the
    mean.

    Where no score is high enough to be sure, no curve levels off, and the
    estimate follows what was believed before; the interval is wide then. It
    means nothing where observation follows what the image shows. Scores must
    be those of a model that has not trained on the images.

    Args:
        scores (ndarray): After the sigmoid, float ``(N, K)`` in [0, 1].
        positive (ndarray): Observed positives, bool ``(N, K)``.
        negative (ndarray): Observed negatives, bool ``(N, K)``.
        num_resamples (int): Draws for the intervals.
        seed (int): Of the draws.
    """
    num_images, num_classes = scores.shape
    observed = positive.sum(0)
    most = num_images - negative.sum(0)
    rng = np.random.default_rng(seed)
    common, alike = rng.standard_normal((2, num_resamples, 1))
    found = np.full((1 + num_resamples, num_classes), np.nan)
    for start in range(0, num_classes, CHUNK):
        classes = np.arange(start, min(start + CHUNK, num_classes))
        classes = classes[observed[classes] > 0]
        if not len(classes):
            continue
        curve = fit_curves(
            scores[:, classes], positive[:, classes], negative[:, classes]
        )
        found[0, classes] = (curve.weight * curve.number).sum(1)
        own, error = rng.standard_normal((2, num_resamples, len(classes)))
        place = np.sqrt(IN_COMMON) * common + np.sqrt(1 - IN_COMMON) * own
        drawn = _draw_numbers(curve.weight, curve.number, _rank(place))
        error = np.exp(OF_CLASS * error + OF_ALL * alike)
        found[1:, classes] = drawn * error
    return _sum_up(found, observed, most)


def fit_curves(
    scores: np.ndarray, positive: np.ndarray, negative: np.ndarray
) -> ScaledLogistic:
    """Fit curves to what may be positive; arguments as above."""
    if not negative.any():
        return fit_scaled_logistic(scores, positive)
    parts = [
        fit_scaled_logistic(scores[~known, k, None], shown[~known, None])
        for k, (known, shown) in enumerate(zip(negative.T, positive.T))
    ]
    return ScaledLogistic(*map(np.concatenate, zip(*parts)))


def _rank(drawn: np.ndarray) -> np.ndarray:
    """Spread draws (R, K) evenly over [0, 1], in their order."""
    return (drawn.argsort(0).argsort(0) + 0.5) / len(drawn)


def _draw_numbers(
    weight: np.ndarray, number: np.ndarray, place: np.ndarray
) -> np.ndarray:
    """Draw numbers by weights (K, C); places in [0, 1] are (R, K)."""
    below = weight.cumsum(1)
    drawn = [
        np.interp(p, middle, values)
        for p, middle, values in zip(place.T, below - weight / 2, number)
    ]
    return np.stack(drawn, 1)


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
    return _sum_up(found, positive.sum(0), len(positive) - absent)


def _draw(num_images: int, num_resamples: int, seed: int) -> np.ndarray:
    """Draw images with replacement, how often each; first all of them."""
    rng = np.random.default_rng(seed)
    shares = np.full(num_images, 1 / num_images)
    weights = rng.multinomial(num_images, shares, num_resamples)
    return np.vstack([np.ones(num_images, int), weights])


def _sum_up(
    found: np.ndarray, observed: np.ndarray, most: np.ndarray
) -> ClassFrequencies:
    """Sum up estimates, float ``(1 + R, K)``; draws follow the first."""
    clamped = (found[0] < observed) | (found[0] > most)
    found = found.clip(observed, most)
    totals = np.nansum(found, 1)
    low, high = _interval(found)
    ends = _interval(totals)
    return ClassFrequencies(
        found[0],
        np.stack([low, high], 1),
        float(totals[0]),
        (float(ends[0]), float(ends[1])),
        observed < FEW,
        clamped,
    )


def _interval(found: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Span 95 % of the draws, the estimate inside."""
    low, high = np.percentile(found[1:], (2.5, 97.5), axis=0)
    return np.minimum(low, found[0]), np.maximum(high, found[0])
