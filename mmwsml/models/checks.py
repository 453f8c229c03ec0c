"""Checks of what losses and selections are given."""

import math
from typing import Any, Optional, Sized, TypeVar

from mmwsml.structures.checks import check_number

Known = TypeVar('Known')

#: Who fills in a field of the step.
REMEDIES = dict(
    progress=(
        "add dict(type='mmwsml.ProgressHook') to `custom_hooks`, which sets "
        'it in every step'
    ),
    rate=(
        "add dict(type='mmwsml.LargeLossScheduleHook', delta_rel=...) to "
        '`custom_hooks`, which sets it in every epoch'
    ),
    shares=(
        "add dict(type='mmwsml.ClassWiseScheduleHook') to `custom_hooks`, "
        'which sets it in every epoch'
    ),
    features=(
        'use it in a head of mmwsml, such as mmwsml.PartialLabelHead, which '
        'sets them'
    ),
    estimate=(
        "set `model.head.label_store=dict(type='mmwsml.LabelEstimates', "
        'num_images=...)`'
    ),
)


def require(value: Optional[Known], field: str, reader: object) -> Known:
    """Return what a step says, or tell who should have filled it in.

    Args:
        value (Any): The field of the step.
        field (str): Its name.
        reader (object): The loss, selection or label store that cannot do
            without.

    Raises:
        RuntimeError: If the value is None.
    """
    if value is None:
        raise RuntimeError(
            f'{type(reader).__name__} has no `{field}`: {REMEDIES[field]}.'
        )
    return value


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
