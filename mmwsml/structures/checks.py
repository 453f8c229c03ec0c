"""Checks of arguments, each of which refuses in one sentence."""

import math
from numbers import Real
from typing import Any, Collection


def is_number(value: Any) -> bool:
    """Whether a value is a number, and not a truth value."""
    return isinstance(value, Real) and not isinstance(value, bool)


def check_number(
    name: str, value: Any, low: float, high: float = math.inf, ends: str = '[]'
) -> None:
    """Refuse what is not a finite number of an interval.

    Args:
        name (str): Of the argument.
        value (Any): The argument.
        low (float): Lower end.
        high (float): Upper end. Defaults to infinity, which is not allowed.
        ends (str): Brackets, '[' or '(' and ']' or ')': whether each end is
            allowed. Defaults to '[]'.

    Raises:
        TypeError: If the value is not a number.
        ValueError: If it is outside of the interval.
    """
    if not is_number(value):
        raise TypeError(f'`{name}` must be a number, but got {value!r}.')
    above = value > low or (ends[0] == '[' and value == low)
    below = value < high or (ends[1] == ']' and value == high)
    if not (above and below and math.isfinite(value)):
        rule = f'in {ends[0]}{low:g}, {high:g}{ends[1]}'
        if math.isinf(high):
            least = 'at least' if ends[0] == '[' else 'above'
            rule = f'finite and {least} {low:g}'
        raise ValueError(f'`{name}` must be {rule}, but got {value!r}.')


def check_integer(name: str, value: Any, low: int) -> None:
    """Refuse what is no integer, or less than it may be.

    Raises:
        ValueError: If it is not.
    """
    if type(value) is not int or value < low:
        raise ValueError(
            f'`{name}` must be an integer of at least {low}, but got '
            f'{value!r}.'
        )


def check_choice(name: str, value: Any, choices: Collection[Any]) -> None:
    """Refuse what is none of the values that there are.

    Raises:
        ValueError: If it is not.
    """
    if value not in choices:
        known = ' or '.join(map(repr, choices))
        if len(choices) > 2:
            known = f'one of {tuple(choices)}'
        raise ValueError(f'`{name}` must be {known}, but got {value!r}.')


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
