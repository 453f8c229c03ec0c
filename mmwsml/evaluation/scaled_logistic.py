"""A logistic curve, scaled down: how likely a positive is to be observed."""

from typing import NamedTuple, Tuple

import numpy as np

#: Chances of a positive to be observed that are tried, as likely as each
#: other by their logarithms.
CHANCES = np.geomspace(0.04, 0.995, 20)
NUM_BINS = 80
NUM_STEPS = 25
#: Holds back the slope where all observed positives score highest.
RIDGE = 0.02


class ScaledLogistic(NamedTuple):
    """Curves of K classes, one for each of C chances to be observed."""

    #: How well each fits: shares that sum up to 1, float64 ``(K, C)``.
    weight: np.ndarray
    #: Expected positives, float64 ``(K, C)``.
    number: np.ndarray
    slope: np.ndarray
    offset: np.ndarray
    #: Of the logits, ``(K,)``.
    mean: np.ndarray
    deviation: np.ndarray

    def hidden(self, scores: np.ndarray) -> np.ndarray:
        """Say how likely images that are not observed are to be positive.

        Args:
            scores (ndarray): After the sigmoid, float ``(N, K)``.

        Returns:
            ndarray: Float64 ``(N, K)`` in [0, 1].
        """
        logits = (_to_logits(scores) - self.mean) / self.deviation
        found = np.zeros(scores.shape)
        for c, chance in enumerate(CHANCES):
            sure = _sigmoid(self.slope[:, c] * logits + self.offset[:, c])
            left = sure * (1 - chance) / (1 - sure * chance)
            found += self.weight[:, c] * left
        return found


def fit_scaled_logistic(
    scores: np.ndarray, positive: np.ndarray
) -> ScaledLogistic:
    """Fit the chance of being observed as a positive, c * sigmoid(a s + b).

    s is the logit of the score, c the chance of a positive to be observed.
    For each c of ``CHANCES``, a and b have the highest likelihood. ("Modified
    logistic regression", `A Modified Logistic Regression for Positive and
    Unlabeled Learning <https://doi.org/10.1109/IEEECONF44664.2019.9048765>`_,
    Asilomar 2019; in statistics `Presence-Only Data and the EM Algorithm
    <https://doi.org/10.1111/j.1541-0420.2008.01116.x>`_, Biometrics 2009.)

    Args:
        scores (ndarray): After the sigmoid, float ``(N, K)`` in [0, 1].
        positive (ndarray): Observed positives, bool ``(N, K)``.
    """
    logits = _to_logits(scores)
    mean, deviation = logits.mean(0), np.maximum(logits.std(0), 1e-9)
    curve = _fill_bins((logits - mean) / deviation, positive)
    share = curve.hits.sum(-1, keepdims=True)
    share = share / curve.number.sum(-1, keepdims=True)
    start = (share / CHANCES[:, None]).clip(0.002, 0.95)
    slope = np.ones((len(mean), len(CHANCES), 1))
    offset = np.log(start / (1 - start)) - 0.5
    damping = np.full_like(slope, 0.01)
    best = curve.likelihood(slope, offset)
    for _ in range(NUM_STEPS):  # Levenberg-Marquardt, of Fisher's matrix
        step = curve.step(slope, offset, damping)
        tried = (slope + step[0]).clip(0, 30), offset + step[1]
        found = curve.likelihood(*tried)
        better = found >= best
        slope, offset, best = (
            np.where(better, new, old)
            for new, old in zip((*tried, found), (slope, offset, best))
        )
        damping = damping * np.where(better, 0.3, 5)
    weight = np.exp(best - best.max(1, keepdims=True))[..., 0]
    return ScaledLogistic(
        weight / weight.sum(1, keepdims=True),
        curve.expected(slope, offset),
        slope[..., 0],
        offset[..., 0],
        mean,
        deviation,
    )


def _to_logits(scores: np.ndarray) -> np.ndarray:
    scores = scores.astype(np.float64).clip(1e-6, 1 - 1e-6)
    return np.log(scores / (1 - scores))


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits.clip(-60, 60)))


def _fill_bins(logits: np.ndarray, positive: np.ndarray) -> '_Curve':
    """Sum up images of similar scores, the highest in the finest bins."""
    order = np.argsort(-logits, axis=0, kind='stable')
    spaced = np.linspace(0, 1, NUM_BINS + 1) ** 2 * len(logits)
    starts = np.unique(spaced.round().astype(int))[:-1]
    number = np.diff(np.append(starts, len(logits)))[:, None]
    total, hits = (
        np.add.reduceat(np.take_along_axis(x, order, 0), starts, 0)
        for x in (logits, positive.astype(np.float64))
    )
    number = np.broadcast_to(number, total.shape).astype(np.float64)
    return _Curve(*(x.T[:, None] for x in (total / number, number, hits)))


class _Curve:
    """c * sigmoid(a s + b), against what is observed in bins (K, 1, B)."""

    def __init__(
        self,
        logits: np.ndarray,
        number: np.ndarray,
        hits: np.ndarray,
    ) -> None:
        self.logits, self.number, self.hits = logits, number, hits
        self.chance = CHANCES[None, :, None]

    def sure(self, slope: np.ndarray, offset: np.ndarray) -> np.ndarray:
        """Return how likely an image is to be positive, (K, C, B)."""
        return _sigmoid(slope * self.logits + offset)

    def expected(self, slope: np.ndarray, offset: np.ndarray) -> np.ndarray:
        """Return the positives, (K, C)."""
        return (self.number * self.sure(slope, offset)).sum(-1)

    def likelihood(self, slope: np.ndarray, offset: np.ndarray) -> np.ndarray:
        """Return the logarithm of the likelihood, (K, C, 1)."""
        shown = (self.chance * self.sure(slope, offset)).clip(1e-12, 1 - 1e-9)
        parts = self.hits * np.log(shown)
        parts = parts + (self.number - self.hits) * np.log1p(-shown)
        return parts.sum(-1, keepdims=True) - RIDGE * slope**2

    def step(
        self, slope: np.ndarray, offset: np.ndarray, damping: np.ndarray
    ) -> Tuple[np.ndarray, np.ndarray]:
        """Return changes of slope and offset, of two at most."""
        sure = self.sure(slope, offset)
        shown = (self.chance * sure).clip(1e-12, 1 - 1e-9)
        rest = (self.hits - self.number * shown) / (1 - shown) * (1 - sure)
        weight = self.number * shown * (1 - sure) ** 2 / (1 - shown)
        s = self.logits
        up = (rest * s).sum(-1, keepdims=True) - 2 * RIDGE * slope
        aside = rest.sum(-1, keepdims=True)
        first = (weight * s * s).sum(-1, keepdims=True) + 2 * RIDGE
        mixed = (weight * s).sum(-1, keepdims=True)
        second = weight.sum(-1, keepdims=True) + 1e-6
        first, second = first * (1 + damping), second * (1 + damping)
        scale = first * second - mixed**2
        return (
            ((second * up - mixed * aside) / scale).clip(-2, 2),
            ((first * aside - mixed * up) / scale).clip(-2, 2),
        )
