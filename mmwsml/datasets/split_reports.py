"""What the splits of a config hold, side by side."""

from itertools import chain, zip_longest
from typing import Dict, List, NamedTuple, Optional, Sequence

WIDTH = 34  # characters, of the names in the table


class SplitReport(NamedTuple):
    """What a split holds, and what is wrong with it."""

    #: What is counted -> how many; empty if the split cannot be read.
    counts: Dict[str, int]
    #: One sentence each.
    faults: List[str]
    sample_ids: List[str]
    #: Names of the classes, in their order.
    classes: Sequence[str] = ()


def compare_splits(
    reports: Dict[str, SplitReport], num_classes: Optional[int]
) -> None:
    """Add faults that no split shows alone.

    Args:
        reports (dict[str, SplitReport]): By split. Changed in place.
        num_classes (int, optional): Of the head.
    """
    _find_overlaps(reports)
    _compare_classes(reports, num_classes)


def format_reports(
    reports: Dict[str, SplitReport], max_faults: int = 10
) -> str:
    """Write reports as a table, a column a split, and a list of faults.

    Args:
        reports (dict[str, SplitReport]): Of :func:`check_config`.
        max_faults (int): To write out of each split. Defaults to 10.
    """
    columns = [
        {**report.counts, 'faults': len(report.faults)}
        for report in reports.values()
    ]
    lines = [' ' * WIDTH + ''.join(f'{split:>12}' for split in reports)]
    for row in dict.fromkeys(chain(*columns)):
        cells = [f'{c[row]:,}' if row in c else '-' for c in columns]
        lines.append(row.ljust(WIDTH) + ''.join(f'{x:>12}' for x in cells))
    for split, report in reports.items():
        faults = report.faults[:max_faults]
        lines += [f'{split}: {fault}' for fault in faults]
        if len(report.faults) > max_faults:
            lines.append(f'{split}: ... and {len(report.faults)} in all.')
    return '\n'.join(lines)


def _find_overlaps(reports: Dict[str, SplitReport]) -> None:
    """Add a fault to each split that shares images with training."""
    trained = set(reports['train'].sample_ids) if 'train' in reports else set()
    for split, report in reports.items():
        shared = sorted(trained.intersection(report.sample_ids))
        if split != 'train' and shared:
            report.faults.append(
                f'{len(shared)} images are in the training set too, the first '
                f'is {shared[0]}: scores on them would mean nothing.'
            )


def _compare_classes(
    reports: Dict[str, SplitReport], num_classes: Optional[int]
) -> None:
    """Add a fault where class numbers mean other things than elsewhere.

    A score would be that of another class, and look like a bad one.
    """
    named = {name: x.classes for name, x in reports.items() if x.classes}
    first = next(iter(named), '')
    for split, classes in named.items():
        fault = _find_other_class(named[first], first, classes)
        if fault:
            reports[split].faults.append(fault)
    if named and num_classes not in (None, len(named[first])):
        reports[first].faults.append(
            f'There are {len(named[first])} classes, but `model.head` has '
            f'num_classes={num_classes}: set it to {len(named[first])}.'
        )


def _find_other_class(
    one: Sequence[str], split: str, two: Sequence[str]
) -> Optional[str]:
    """Say in a sentence which class of two lists differs first, if any.

    Args:
        one (Sequence[str]): Names of the classes of a split.
        split (str): That split.
        two (Sequence[str]): Names of the classes of another one.
    """
    for index, (left, right) in enumerate(zip_longest(one, two)):
        if left != right:
            return (
                f'Class {index} is {right!r}, but {left!r} in {split}: give '
                'all splits the same classes in the same order.'
            )
    return None
