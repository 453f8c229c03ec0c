"""What features of other images tell of an image."""

from typing import Optional

import numpy as np

from mmwsml.evaluation.positive_unlabeled import roc_auc_of_class

from .statistics import DRAWS, MOST_CLASSES, Spread, by_class

#: Ridge of the fit that leaves one image out, in the mean square length of a
#: feature. The more, the surer weak links are seen: of 300 photographs with
#: one label each, by 5 standard deviations at 0.1, by 7.5 at 10.
RIDGE = 10.0


def left_out_auc(
    features: np.ndarray, positive: np.ndarray
) -> Optional[Spread]:
    """Measure how well an image's labels follow from all others' features.

    A ridge regression on the features of the other images predicts those of
    each image (leave-one-out in closed form), which are ranked class by class
    with the area under the ROC curve. Chance gives images the labels of
    others.

    Args:
        features (ndarray): Float ``(N, C)``, of 500 images at most.
        positive (ndarray): Bool ``(N, K)``.

    Returns:
        Spread | None: Without ``drawn``; None where no class has two
        positives and two others, or the features do not differ.
    """
    count = positive.sum(0)
    order = np.argsort(-count, kind='stable')
    inside = (count >= 2) & (len(positive) - count >= 2)
    kept = order[inside[order]][:MOST_CLASSES]
    hat = _hat(features)
    if not len(kept) or hat is None:
        return None
    labels, rng = positive[:, kept], np.random.default_rng(0)
    value = _left_out(hat, labels)
    chance = [
        _left_out(hat, labels[rng.permutation(len(labels))])
        for _ in range(DRAWS)
    ]
    return Spread(
        value,
        float(np.std(chance)),
        float(np.mean(chance)),
        float(np.max(chance)),
        np.full(DRAWS, np.nan),
    )


def _hat(features: np.ndarray) -> Optional[np.ndarray]:
    """Project on what ridge regression fits, ``(N, N)``."""
    rows = features.astype(float)
    rows = rows - rows.mean(0)
    kernel = rows @ rows.T
    scale = np.trace(kernel) / len(kernel)
    if not np.isfinite(scale) or scale < 1e-12 * (features**2).sum(1).mean():
        return None
    ridge = RIDGE * scale * np.eye(len(kernel))
    # The mean of the labels is fitted too, without a penalty.
    return np.linalg.solve(kernel + ridge, kernel).T + 1 / len(kernel)


def _left_out(hat: np.ndarray, labels: np.ndarray) -> float:
    target = labels.astype(float)
    own = hat.diagonal()[:, None]
    scores = (hat @ target - own * target) / np.maximum(1 - own, 1e-9)
    # The mean of the others is lower for a positive, which would tell it.
    scores -= (target.sum(0) - target) / (len(target) - 1)
    aucs = by_class(roc_auc_of_class, scores, labels, np.ones_like(labels))
    # Between the mean, of which rare classes are most of the chance, and what
    # the most frequent class says, which is often the hardest to see.
    return float(np.average(aucs, weights=np.sqrt(labels.sum(0))))


def nearest(
    rows: np.ndarray, others: np.ndarray, own: Optional[np.ndarray] = None
) -> np.ndarray:
    """Measure the distance of each row to the nearest of others.

    Args:
        rows (ndarray): Float32 ``(N, C)``.
        others (ndarray): Float32 ``(M, C)``.
        own (ndarray, optional): Where each row stands among the others, which
            does not count, int ``(N,)``. Defaults to None, nowhere.

    Returns:
        ndarray: Float32 ``(N,)``, to a thousandth of their norm.
    """
    middle = others.mean(0)  # small numbers lose less to rounding
    rows, others = rows - middle, others - middle
    squares = (rows**2).sum(1)[:, None] + (others**2).sum(1)
    squares -= 2 * rows @ others.T
    if own is not None:
        squares[np.arange(len(rows)), own] = np.inf
    return np.sqrt(np.maximum(squares.min(1), 0))
