"""Statistics that the rules of a verdict ask for."""

from typing import Callable, NamedTuple, Optional

import numpy as np

from mmwsml.evaluation.positive_unlabeled import roc_auc_of_class

#: Draws of images for intervals, and of permutations for chance: the largest
#: of so many is beaten by chance in 2 of 100 cases.
DRAWS = 50
#: Images and classes that are measured for an interval, whose width is then
#: scaled to all; and images that are compared with each other.
MOST_IMAGES, MOST_CLASSES, COMPARED = 4000, 60, 800
#: Ridge of the fit that leaves one image out, in shares of the mean of the
#: eigenvalues of N images times N: few images are fitted little.
RIDGE = 0.1

OfClass = Callable[[np.ndarray, np.ndarray], float]


class Spread(NamedTuple):
    """A mean over classes, and what other images or chance make of it."""

    value: float
    #: Standard deviation over images drawn anew.
    error: float
    #: Mean and largest over images that get the scores of others.
    chance: float
    chance_high: float
    #: Of images drawn anew, ``(DRAWS,)``: of two models on the same images
    #: draw by draw the same.
    drawn: np.ndarray

    @property
    def low(self) -> float:
        """Lower end of the interval of 95 %."""
        return self.value - 1.96 * self.error

    @property
    def high(self) -> float:
        """Upper end of the interval of 95 %."""
        return self.value + 1.96 * self.error


def by_class(
    measure: OfClass,
    scores: np.ndarray,
    positive: np.ndarray,
    counted: np.ndarray,
) -> np.ndarray:
    """Measure each class on the entries that count.

    Args:
        measure (Callable): From the scores of all entries, and those of the
            positives among them, to a number.
        scores (ndarray): Float ``(N, K)``.
        positive (ndarray): Bool ``(N, K)``.
        counted (ndarray): Bool ``(N, K)``.

    Returns:
        ndarray: ``(K,)``; NaN where a class has one kind of entries.
    """
    found = np.full(scores.shape[1], np.nan)
    for k in range(scores.shape[1]):
        kept = counted[:, k]
        column, hits = scores[kept, k], positive[kept, k]
        if 0 < hits.sum() < len(hits):
            found[k] = measure(column, column[hits])
    return found


def spread(
    measure: OfClass,
    scores: np.ndarray,
    positive: np.ndarray,
    counted: np.ndarray,
) -> Spread:
    """Measure the mean over classes, its interval, and chance.

    Args:
        measure (Callable): As in :func:`by_class`, in [0, 1].
        scores (ndarray): Float ``(N, K)``.
        positive (ndarray): Bool ``(N, K)``.
        counted (ndarray): Bool ``(N, K)``.

    Returns:
        Spread: NaN where no class can be measured.
    """
    classes = by_class(measure, scores, positive, counted)
    measured = np.flatnonzero(~np.isnan(classes))
    if not len(measured):
        return Spread(*[np.nan] * 4, np.full(DRAWS, np.nan))
    value = float(classes[measured].mean())
    picked = _spaced(measured, MOST_CLASSES)
    rows = _spaced(np.arange(len(scores)), MOST_IMAGES)
    parts = [x[rows][:, picked] for x in (scores, positive, counted)]
    rng = np.random.default_rng(0)
    drawn, chance = np.empty((2, DRAWS))
    for n in range(DRAWS):
        draw = rng.integers(len(rows), size=len(rows))
        drawn[n] = _mean(by_class(measure, *(x[draw] for x in parts)))
        others = parts[0][rng.permutation(len(rows))]
        chance[n] = _mean(by_class(measure, others, *parts[1:]))
    scale = np.sqrt(len(rows) / len(scores))
    drawn = value + (drawn - np.nanmean(drawn)) * scale
    error = float(np.nanstd(drawn))
    return Spread(
        value,
        error,
        float(np.nanmean(chance)),
        float(np.nanmax(chance)),
        drawn,
    )


def left_out_auc(
    features: np.ndarray, positive: np.ndarray
) -> Optional[Spread]:
    """Measure how well an image's labels follow from all others' features.

    A ridge regression on the features of the other images predicts those of
    each image (leave-one-out in closed form), which are ranked class by class
    with the area under the ROC curve. Chance gives images the labels of
    others.

    Args:
        features (ndarray): Float ``(N, C)``, of 800 images at most.
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
    # By positives, so that the spread of chance is least.
    return float(np.average(aucs, weights=labels.sum(0)))


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


def _mean(values: np.ndarray) -> float:
    measured = values[~np.isnan(values)]
    return float(measured.mean()) if len(measured) else np.nan


def _spaced(values: np.ndarray, most: int) -> np.ndarray:
    places = np.linspace(0, len(values) - 1, min(most, len(values)))
    return values[places.astype(int)]
