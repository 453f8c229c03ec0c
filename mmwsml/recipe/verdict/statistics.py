"""Statistics that the rules of a verdict ask for."""

from typing import Callable, NamedTuple

import numpy as np

#: Draws of images for intervals, and of permutations for chance: the largest
#: of so many is beaten by chance in 2 of 100 cases.
DRAWS = 50
#: Images and classes that are measured for an interval, whose width is then
#: scaled to all; and images that are compared with each other.
MOST_IMAGES, MOST_CLASSES, COMPARED = 4000, 60, 500


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
        nothing = float('nan')
        drawn = np.full(DRAWS, nothing)
        return Spread(nothing, nothing, nothing, nothing, drawn)
    value = float(classes[measured].mean())
    picked = _spaced(measured, MOST_CLASSES)
    rows = _spaced(np.arange(len(scores)), MOST_IMAGES)
    parts = [x[rows][:, picked] for x in (scores, positive, counted)]
    rng = np.random.default_rng(0)
    drawn, chance = np.empty(DRAWS), np.empty(DRAWS)
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


def _mean(values: np.ndarray) -> float:
    measured = values[~np.isnan(values)]
    return float(measured.mean()) if len(measured) else np.nan


def _spaced(values: np.ndarray, most: int) -> np.ndarray:
    places = np.linspace(0, len(values) - 1, min(most, len(values)))
    return values[places.astype(int)]
