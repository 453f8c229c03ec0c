"""How many lines of a list a class may take."""

import math
from typing import Optional

import numpy as np

from mmwsml.structures.checks import check_number


def class_limits(
    observed: np.ndarray,
    num: int,
    quota: float = 2,
    per_class: Optional[int] = None,
) -> np.ndarray:
    """Bound the lines of each class.

    Where labels are hidden by chance, as many are hidden of a class as are
    observed of it, up to one factor for all classes. So a class's share of
    the observed positives is what it may expect of the list; it may take
    ``quota`` times as much, and one line at least.

    Args:
        observed (ndarray): Observed positives of each class, integer
            ``(K,)``.
        num (int): Lines of the list, at least 1.
        quota (float): Above 0; infinity: no bound. Defaults to 2.
        per_class (int, optional): Lines that no class may exceed, at least 1.
            Defaults to None.

    Returns:
        ndarray: int64 ``(K,)``, from 1 to ``num``.

    Raises:
        ValueError: If a number is too small.
    """
    check_number('num', num, 1)
    if not quota > 0:
        raise ValueError(
            f'`quota` must be above 0, but got {quota}: 1 lets a class take '
            'its share of the observed positives, inf all of the list.'
        )
    if per_class is not None:
        check_number('per_class', per_class, 1)
    limits = np.full(len(observed), num, np.int64)
    if math.isfinite(quota) and observed.sum():
        share = observed / observed.sum()
        limits = np.ceil(quota * num * share).clip(1, num).astype(np.int64)
    return limits if per_class is None else limits.clip(max=per_class)
