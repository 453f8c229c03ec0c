"""Refusing to compare runs of different classes."""

from .records import Records


def check_same_classes(*records: Records) -> None:
    """Refuse records of runs that differ in their classes.

    Args:
        *records (Records): At least one.

    Raises:
        ValueError: If two runs do not have the same classes in the same
            order.
    """
    first = records[0]
    for other in records[1:]:
        if len(other.classes) != len(first.classes):
            raise ValueError(
                f'{first.run} has {len(first.classes)} classes, {other.run} '
                f'{len(other.classes)}: compare runs of one class list.'
            )
        pairs = zip(first.classes, other.classes)
        for index, (ours, theirs) in enumerate(pairs):
            if ours != theirs:
                raise ValueError(
                    f'Class {index} is {ours!r} in {first.run}, but '
                    f'{theirs!r} in {other.run}: compare runs of one class '
                    'list.'
                )
