"""Checks of the arguments of losses."""

import math
from typing import Any, Optional, Sized

from mmwsml.structures.checks import check_number


def check_vector(name: str, values: Any, high: float = math.inf) -> None:
    """Refuse what is neither None nor a list of numbers from 0 to ``high``.

    Raises:
        TypeError: If it is no list, or holds something else than numbers.
        ValueError: If a number is out of range.
    """
    if values is None:
        return
    if not isinstance(values, (list, tuple)):
        raise TypeError(
            f'`{name}` must be a list of one number a class, but got '
            f'{values!r}.'
        )
    for index, value in enumerate(values):
        check_number(f'{name}[{index}]', value, 0, high)


def check_length(name: str, values: Optional[Sized], num_classes: int) -> None:
    """Refuse a list that has not one number a class.

    Raises:
        ValueError: If its length is not K.
    """
    if values is not None and len(values) != num_classes:
        raise ValueError(
            f'`{name}` must have one number for each of {num_classes} '
            f'classes, but has {len(values)}.'
        )
