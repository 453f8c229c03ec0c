"""What is known of each class, and what training will make of it."""

import os
from typing import List, NamedTuple, Sequence

import numpy as np

from mmwsml.structures.whole_file import write_whole

from .bad_entries import BadEntries
from .label_report import LabelCounts
from .marked_labels import ABSENT, PRESENT, MarkedLabels

NUM_LINES = 10  # that are shown of classes, and of notes


class ClassCounts(NamedTuple):
    """Images of each class, int64 ``(K,)``, and those without a positive."""

    classes: Sequence[str]
    present: np.ndarray
    absent: np.ndarray
    num_images: int
    num_bare_images: int

    @property
    def unknown(self) -> np.ndarray:
        """Images of which it is not known."""
        return self.num_images - self.present - self.absent

    def total(self) -> LabelCounts:
        """Sum up over the classes."""
        return LabelCounts(
            self.num_images,
            len(self.classes),
            int(self.present.sum()),
            int(self.absent.sum()),
            self.num_bare_images,
            [
                name
                for name, count in zip(self.classes, self.present)
                if not count
            ],
        )

    def lines(self) -> List[str]:
        """Write a table, a line a class."""
        width = max(map(len, ['class', *self.classes]))
        head = f'{"class":{width}} {"present":>9} {"absent":>9} {"unknown":>9}'
        rows = zip(self.classes, self.present, self.absent, self.unknown)
        return [head] + [
            f'{name:{width}} {present:>9} {absent:>9} {unknown:>9}'
            for name, present, absent, unknown in rows
        ]

    def outlook(self) -> List[str]:
        """Say what will happen in training."""
        found = []
        if not self.unknown.sum():
            found.append(
                'No label is unknown: LL-R, LL-Ct and LL-Cp have nothing to '
                'modify. If the images were not looked through for every '
                'class, convert with --rest unknown.'
            )
        if not self.absent.sum():
            found.append(
                'No label is known to be absent: this file trains, but no '
                'average precision can be measured on it. For validation and '
                'test take images of which every label is known.'
            )
        nothing = np.flatnonzero(self.unknown == self.num_images)
        if len(nothing):
            names = ', '.join(self.classes[n] for n in nothing[:NUM_LINES])
            found.append(
                f'Nothing is known of {len(nothing)} classes, which training '
                f'cannot learn: {names}.'
            )
        return found


def count_classes(marked: MarkedLabels) -> ClassCounts:
    """Count what is known of each class."""
    present = absent = np.zeros(len(marked.classes), np.int64)
    num_bare = 0
    for dense in marked.dense():
        is_present = dense == PRESENT
        present = present + is_present.sum(0)
        absent = absent + (dense == ABSENT).sum(0)
        num_bare += int((~is_present.any(1)).sum())
    return ClassCounts(marked.classes, present, absent, len(marked), num_bare)


def report(marked: MarkedLabels, bad: BadEntries, path: str) -> str:
    """Describe what was read; what is too long for a screen goes to a file.

    Args:
        marked (MarkedLabels): What was read.
        bad (BadEntries): What was left out.
        path (str): The file, written if there is more than ten classes or
            ten notes.

    Returns:
        str: The lines to print.
    """
    counts = count_classes(marked)
    parts = [counts.lines(), list(marked.notes)]
    shown = [parts[0][: NUM_LINES + 1], parts[1][:NUM_LINES]]
    middle = [str(counts.total()), str(bad)]
    if shown != parts:
        text = '\n'.join([*parts[0], *middle, *parts[1]])
        write_whole(path, f'{text}\n')
        num = sum(map(len, parts)) - sum(map(len, shown))
        shown[1].append(f'and {num} more lines of the report: {path}')
    return '\n'.join([*shown[0], *middle, *shown[1], *counts.outlook()])


def report_path(out: str) -> str:
    """Return where the whole report of an annotation file is."""
    return f'{os.path.splitext(out)[0]}.report.txt'
