"""Checks of what several parts are told."""

from numbers import Real
from typing import Any


def is_number(value: Any) -> bool:
    """Whether a value is a number, and not a truth value."""
    return isinstance(value, Real) and not isinstance(value, bool)


def check_begin(begin: int) -> None:
    """Refuse what is no epoch.

    Args:
        begin (int): The first epoch that counts, at least 1.

    Raises:
        TypeError: If it is no integer.
        ValueError: If it is less than 1.
    """
    if type(begin) is not int:
        raise TypeError(f'`begin` must be an epoch, but got {begin!r}.')
    if begin < 1:
        raise ValueError(f'`begin` must be at least 1, but got {begin!r}.')
