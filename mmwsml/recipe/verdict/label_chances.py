"""How likely unknown labels are to be present, from scores."""

import numpy as np

EPSILON = 1e-6
#: Slopes of logits that are as likely as not before anything was seen: the
#: standard deviation around 1, in which scores are believed as they are.
WIDTH, LEAST = 0.5, 0.05
#: Positives by which other classes count for one, at most.
MOST_ALIKE = 60


def to_logits(scores: np.ndarray) -> np.ndarray:
    """Undo the sigmoid.

    Args:
        scores (ndarray): In [0, 1], float ``(N, K)``.
    """
    scores = scores.astype(float).clip(EPSILON, 1 - EPSILON)
    return np.log(scores / (1 - scores))


def fit_slope(
    logits: np.ndarray, positive: np.ndarray, counted: np.ndarray
) -> float:
    """Fit how much logits have to be stretched, the same for all classes.

    Each class has a bias of its own; few labels leave the slope near 1
    (Platt scaling, with one slope and a prior).

    Args:
        logits (ndarray): Of images that were not learned from, ``(N, K)``.
        positive (ndarray): Bool ``(N, K)``.
        counted (ndarray): Labels that are known, bool ``(N, K)``.
    """
    kinds = (positive & counted).any(0) & (~positive & counted).any(0)
    logits, positive, counted = (
        x[:, kinds].astype(float) for x in (logits, positive, counted)
    )
    total = counted.sum(0)
    centred = logits - (counted * logits).sum(0) / total
    share = ((counted * positive).sum(0) + 0.5) / (total + 1)
    slope, bias = 1.0, np.log(share / (1 - share))
    for _ in range(30):  # Newton's steps, those of the biases eliminated
        sure = _sigmoid(slope * centred + bias)
        rest, curve = counted * (positive - sure), counted * sure * (1 - sure)
        up, mixed = rest.sum(0), (curve * centred).sum(0)
        across = curve.sum(0) + 1e-3
        gain = (rest * centred).sum() - (mixed * up / across).sum()
        bend = (curve * centred**2).sum() - (mixed**2 / across).sum()
        step = (gain - (slope - 1) / WIDTH**2) / (bend + 1 / WIDTH**2)
        bias += ((up - mixed * np.clip(step, -0.5, 0.5)) / across).clip(-2, 2)
        slope = max(slope + float(np.clip(step, -0.5, 0.5)), LEAST)
    return slope


def meet_number(
    logits: np.ndarray, unknown: np.ndarray, hidden: np.ndarray
) -> np.ndarray:
    """Find chances that add up to a number in each class.

    Args:
        logits (ndarray): ``(N, K)``; each class gets a bias.
        unknown (ndarray): Labels that are added up, bool ``(N, K)``.
        hidden (ndarray): The sums, ``(K,)``.
    """
    low = np.full(logits.shape[1], -40.0)
    high = -low
    for _ in range(30):  # halves 80 to less than a millionth
        bias = (low + high) / 2
        sums = (_sigmoid(logits + bias) * unknown).sum(0)
        low, high = (
            np.where(sums < hidden, bias, low),
            np.where(sums < hidden, high, bias),
        )
    return np.where(hidden > 0, _sigmoid(logits + bias), 0.0)


def agree(given: np.ndarray, seen: np.ndarray, times: float) -> np.ndarray:
    """Draw the positives of a class towards what all classes say of it.

    Where the list is surest, it holds the classes that validation happens to
    have more of; without this it would promise what they do not hold. All
    classes lack the same share of their labels, unless the counts say that
    they differ: then each is left to itself.

    Args:
        given (ndarray): Positives that are known in training, ``(K,)``.
        seen (ndarray): Positives of complete validation images, ``(K,)``.
        times (float): Training images for each of them.

    Returns:
        ndarray: Expected positives of training, ``(K,)``.
    """
    given = np.maximum(given, 0.5)  # none known is not none there
    expected = given * seen.sum() / given.sum()
    # Two counts: that of validation, and the one that expects it.
    noise = expected + expected**2 / np.maximum(given, 1)
    square = (seen - expected) ** 2
    num = len(seen)
    if (square / noise).sum() > num + 2 * np.sqrt(2 * num):
        return times * seen
    apart = (square - noise).sum() / max((expected**2).sum(), EPSILON)
    alike = 1 / (max(apart, 1 / MOST_ALIKE) + 1 / np.maximum(given, 1))
    return times * expected * (seen + alike) / (expected + alike)


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values.clip(-60, 60)))
