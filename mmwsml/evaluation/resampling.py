"""How much of an average precision is the choice of the images."""

from typing import Optional

import numpy as np

NUM_RESAMPLES = 100


def resampled_average_precision(
    scores: np.ndarray,
    target: np.ndarray,
    observed: Optional[np.ndarray] = None,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = 0,
) -> np.ndarray:
    """Compute the average precision of each class on images drawn anew.

    N of the N images are drawn with replacement (the bootstrap). With one seed
    and number of images the draws are the same: differences between two models
    on the same images are paired.

    Args:
        scores (ndarray): Scores or logits, float ``(N, K)``.
        target (ndarray): 1 for a positive, else 0, ``(N, K)``.
        observed (ndarray, optional): Entries that count, bool ``(N, K)``.
            Defaults to None, all of them.
        num_resamples (int): R, how many times N images are drawn. Defaults to
            100.
        seed (int): Of the draws. Defaults to 0.

    Returns:
        ndarray: Float64 ``(R, K)`` in [0, 1]; as in
        :func:`average_precision`, 0 without a positive among the drawn images
        and NaN without an observed entry or with positives alone. Takes
        R * K sums over N, and 8 * R * N bytes.
    """
    num_images, num_classes = scores.shape
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(
        num_images, np.full(num_images, 1 / num_images), num_resamples
    )
    result = np.full((num_resamples, num_classes), np.nan)
    for k in range(num_classes):
        kept = np.arange(num_images)
        if observed is not None:
            kept = kept[observed[:, k]]
        order = kept[np.argsort(-scores[kept, k])]
        # Equal scores form one threshold, which is the last of them.
        falling = -scores[order, k]
        ends = np.searchsorted(falling, falling, side='right')
        hit = target[order, k] != 0
        for n, count in enumerate(counts):
            result[n, k] = _weighted(count[order], hit, ends - 1)
    return result


def _weighted(count: np.ndarray, hit: np.ndarray, ends: np.ndarray) -> float:
    """Average precision of entries that count several times, or not at all."""
    hits = count * hit
    total = hits.sum()
    if total == count.sum():
        return np.nan
    if not total:
        return 0.0
    predicted = np.maximum(count.cumsum()[ends], 1)
    return float((hits * hits.cumsum()[ends] / predicted).sum() / total)
