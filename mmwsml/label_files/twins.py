"""Images that a label file lists more than once."""

from dataclasses import replace
from typing import Dict, List, Set

import numpy as np

from .bad_entries import BadEntries
from .marked_labels import MarkedLabels


def merge_twins(
    marked: MarkedLabels, lists_presence: bool, bad: BadEntries
) -> MarkedLabels:
    """Merge the entries of an image; where they contradict, it is left out.

    Args:
        marked (MarkedLabels): Images by their paths; ``rest`` is settled.
        lists_presence (bool): Whether an entry lists all that is known to be
            present, so that two of an image must list the same.
        bad (BadEntries): Takes the entries that contradict an earlier one.
    """
    first: Dict[str, int] = {}
    owner = np.array(
        [first.setdefault(x, n) for n, x in enumerate(marked.images)], np.int32
    )
    if len(first) == len(marked):
        return marked
    is_twin = owner != np.arange(len(marked))
    twins = np.flatnonzero(np.isin(owner, owner[is_twin]))
    wrong = _find_contradictions(marked, twins, owner, lists_presence, bad)
    bad.judge(len(marked))
    rows = owner[marked.rows]
    # Of several marks the last one counts: known is more than unknown.
    order = np.lexsort((marked.marks, rows))
    merged = replace(
        marked,
        rows=rows[order],
        labels=marked.labels[order],
        marks=marked.marks[order],
    )
    kept = ~is_twin & ~np.isin(owner, list(wrong))
    num = int((is_twin & ~np.isin(owner, list(wrong))).sum())
    return merged.take(np.flatnonzero(kept)).note(
        f'{num} entries are of an image that was there before and agree with '
        'it: merged.'
    )


def _find_contradictions(
    marked: MarkedLabels,
    twins: np.ndarray,
    owner: np.ndarray,
    lists_presence: bool,
    bad: BadEntries,
) -> Set[int]:
    """Return the images whose entries contradict each other."""
    present: Dict[int, Set[int]] = {}
    absent: Dict[int, Set[int]] = {}
    wrong: Set[int] = set()
    lists = marked.take(twins).lists()
    for row, (positives, negatives) in zip(twins.tolist(), lists):
        image = int(owner[row])
        has = present.setdefault(image, set())
        lacks = absent.setdefault(image, set())
        both: List[int] = sorted(
            (has & set(negatives)) | (lacks & set(positives))
        )
        if lists_presence and row != image:
            both = both or sorted(has ^ set(positives))
        if both:
            wrong.add(image)
            bad.add(
                f'{marked.place(row)}: {marked.images[row]!r:.200} is there '
                f'twice, first in {marked.place(image)}, and of '
                f'{marked.classes[both[0]]!r} they say different things'
            )
        has.update(positives)
        lacks.update(negatives)
    return wrong
