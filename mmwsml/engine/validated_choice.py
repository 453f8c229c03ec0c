"""Choosing among candidates that validation has measured, class by class."""

import numpy as np

#: Positives whose average precision counts as much as what it is shrunk to.
POSITIVES = 100


def choose_for_all(
    precision: np.ndarray, num_positives: np.ndarray, prior: np.ndarray
) -> int:
    """Choose the best candidate for all classes, shrunk towards a prior.

    Few positives measure badly, and the best of many candidates is then
    chance. So the mean over the classes counts with n / (n + 100) of n
    positives, and the prior with the rest.

    Args:
        precision (ndarray): Average precision, float in [0, 1] ``(M, K)``;
            NaN for a class that could not be measured.
        num_positives (ndarray): Of each class among the labels that measured
            it, ``(K,)``.
        prior (ndarray): What is expected of each candidate without
            measurement, up to a constant, float ``(M,)``.

    Returns:
        int: The number of the candidate; the first of equal ones.
    """
    return int(_expect(precision, num_positives, prior).argmax())


def choose_by_class(
    precision: np.ndarray, num_positives: np.ndarray, prior: np.ndarray
) -> np.ndarray:
    """Choose the best candidate of each class, shrunk towards one for all.

    A class with n positives counts its own average precision with n / (n +
    100), and with the rest what :func:`choose_for_all` looks at. So its
    choice goes from its own best, with many positives, to the best for all
    and, without any, to the best of the prior.

    Args:
        precision (ndarray): As in :func:`choose_for_all`.
        num_positives (ndarray): As there.
        prior (ndarray): As there.

    Returns:
        ndarray: The number of the candidate of each class, int64 ``(K,)``;
        the first of equal ones.
    """
    measured = ~np.isnan(precision).any(0)
    mean = _expect(precision, num_positives, prior)
    own = np.where(measured, precision, 0)
    count = np.where(measured, num_positives, 0)
    return _mix(own, mean[:, None], count).argmax(0)


def _expect(
    precision: np.ndarray, num_positives: np.ndarray, prior: np.ndarray
) -> np.ndarray:
    """Average over the classes, and shrink; float ``(M,)``."""
    measured = ~np.isnan(precision).any(0)
    if not measured.any():
        return prior
    mean = precision[:, measured].mean(1)
    return _mix(mean, prior, num_positives[measured].sum())


def _mix(
    measured: np.ndarray, expected: np.ndarray, count: np.ndarray
) -> np.ndarray:
    share = count / (count + POSITIVES)
    return share * measured + (1 - share) * expected
