"""What a person decides about labels, whatever file they came from."""

from dataclasses import replace
from typing import Dict, List, Optional, Sequence

import numpy as np

from mmwsml.label_files.class_names import check_names
from mmwsml.structures.short_value import cut_text, short_value

from .bad_entries import BadEntries
from .marked_labels import ABSENT, PRESENT, MarkedLabels


def apply_none(
    marked: MarkedLabels, none: Optional[str], bad: BadEntries
) -> MarkedLabels:
    """Turn the tag that says that nothing is there into absent classes.

    Args:
        marked (MarkedLabels): Its class ``none`` is no class afterwards.
        none (str, optional): Its name. Defaults to None, there is no such
            tag.
        bad (BadEntries): Takes images that have it beside another class.

    Raises:
        ValueError: If there is no such tag.
    """
    if none is None:
        return marked
    if none not in marked.classes:
        raise ValueError(
            f'--none: there is no tag {none!r}, but '
            f'{short_value(marked.classes)}; name one of them.'
        )
    label, num = marked.classes.index(none), len(marked.classes)
    is_none = marked.labels == label
    bare = np.unique(marked.rows[is_none & (marked.marks == PRESENT)])
    other = (marked.marks == PRESENT) & ~is_none
    mixed = np.intersect1d(bare, marked.rows[other])
    for row in mixed.tolist():
        bad.add(
            f'{marked.place(row)}: has {none!r}, which says that nothing is '
            'there, and another tag'
        )
    bad.judge(len(marked))
    kept = ~is_none & ~np.isin(marked.rows, bare)
    rows = np.concatenate([marked.rows[kept], np.repeat(bare, num)])
    labels = np.concatenate(
        [marked.labels[kept], np.tile(np.arange(num), len(bare))]
    )
    marks = np.concatenate(
        [marked.marks[kept], np.full(num * len(bare), ABSENT, np.int8)]
    )
    order = np.argsort(rows, kind='stable')
    result = replace(
        marked, rows=rows[order], labels=labels[order], marks=marks[order]
    ).note(f'{none!r} says of {len(bare)} images that nothing is there.')
    others = [name for name in marked.classes if name != none]
    result = _select(result, others)
    good = np.setdiff1d(np.arange(len(marked)), mixed)
    return result.take(good) if len(mixed) else result


def choose_classes(
    marked: MarkedLabels, classes: Sequence[str]
) -> MarkedLabels:
    """Keep some classes, in the order given; leave the others out.

    Args:
        marked (MarkedLabels): What was read.
        classes (Sequence[str]): Names; none: all stay.

    Raises:
        ValueError: If they are no distinct names, or none of them is there.
    """
    if not classes:
        return marked
    check_names('--classes', list(classes))
    if not set(classes) & set(marked.classes):
        raise ValueError(
            f'--classes: names none of the classes that were read: '
            f'{short_value(marked.classes)}; write the names as they are '
            'there.'
        )
    left_out = [name for name in marked.classes if name not in set(classes)]
    result = _select(marked, classes)
    if left_out:
        num = len(marked.rows) - len(result.rows)
        result = result.note(
            f'{len(left_out)} classes are not among those chosen and left '
            f'out, with {num} labels: {_join(left_out)}.'
        )
    if result.foreign:
        names = [classes[label] for label in result.foreign]
        result = result.note(
            f'Nothing is known of {_join(names)}: the file does not have it.'
        )
    return result


def note_alike(marked: MarkedLabels) -> MarkedLabels:
    """Note classes whose names differ by case only."""
    first: Dict[str, str] = {}
    return marked.note(
        *(
            f'The classes {first[name.casefold()]!r} and {name!r} differ by '
            'case only: are they one?'
            for name in marked.classes
            if first.setdefault(name.casefold(), name) != name
        )
    )


def _join(names: Sequence[str]) -> str:
    return cut_text(', '.join(map(repr, names)), 300)


def _select(marked: MarkedLabels, classes: Sequence[str]) -> MarkedLabels:
    index = {name: label for label, name in enumerate(classes)}
    new = np.array([index.get(x, -1) for x in marked.classes], np.int32)
    labels = new[marked.labels] if len(new) else marked.labels
    kept = labels >= 0
    foreign: List[int] = []
    if marked.listed:
        foreign = [index[x] for x in classes if x not in marked.classes]
    return replace(
        marked,
        classes=list(classes),
        rows=marked.rows[kept],
        labels=labels[kept],
        marks=marked.marks[kept],
        foreign=tuple(foreign),
    )


def decide_rest(
    marked: MarkedLabels, rest: Optional[str], labels: str
) -> MarkedLabels:
    """Settle what the source does not mark.

    Args:
        marked (MarkedLabels): What was read.
        rest (str, optional): 'unknown' or 'absent'. Defaults to None, what
            the source says itself.
        labels (str): 'complete' means that all that is not marked is absent,
            where neither says it.

    Raises:
        ValueError: If nobody says it.
    """
    if rest not in (None, 'unknown', 'absent'):
        raise ValueError(
            f"--rest must be 'unknown' or 'absent', but got {rest!r}."
        )
    rest = rest or marked.rest or ('absent' if labels == 'complete' else None)
    num = len(marked) * len(marked.classes) - len(marked.rows)
    if rest is None and num:
        num_present = int((marked.marks == PRESENT).sum())
        raise ValueError(
            f'{marked.place(0).rpartition(", ")[0]}: the file says what is in '
            f'its {len(marked)} images ({num_present} labels), but not what '
            f'the other {num} labels are. Were the images looked through for '
            f'every class? --rest absent: yes, these {num} are known to be '
            'absent, and no label is unknown. --rest unknown: no, they are '
            'unknown, and no label is known to be absent but those that the '
            'file names.'
        )
    return replace(marked, rest=rest or 'absent')
