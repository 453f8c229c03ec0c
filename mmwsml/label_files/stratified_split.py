"""Splitting labelled images so that each part has its share of each label."""

from fractions import Fraction
from typing import Dict, List, Optional, Sequence

import numpy as np
from iterstrat.ml_stratifiers import IterativeStratification

from mmwsml.structures import hash64

#: Names of the parts, by their number.
PARTS = {2: ('train', 'val'), 3: ('train', 'val', 'test')}


def parse_shares(text: str) -> List[Fraction]:
    """Read the shares of the parts, such as ``0.7,0.15,0.15``.

    Raises:
        ValueError: If they are not two or three positive numbers of sum 1.
    """
    try:
        shares = [Fraction(part.strip()) for part in text.split(',')]
    except (ValueError, ZeroDivisionError):
        shares = []
    if len(shares) not in PARTS or min(shares) <= 0 or sum(shares) != 1:
        raise ValueError(
            'the shares of a split must be two (train, val) or three (train, '
            'val, test) positive numbers that add up to 1, such as '
            f'0.7,0.15,0.15, but are {text!r:.60}.'
        )
    return shares


def split_entries(
    entries: Sequence[dict],
    num_classes: int,
    shares: Sequence[Fraction],
    seed: int = 0,
    groups: Optional[Sequence[str]] = None,
) -> List[List[dict]]:
    """Split the entries of an annotation file, multi-label stratified.

    Known positives and known negatives of each class are spread over the
    parts as the images are, the rarest first. The algorithm is that of
    `Sechidis et al. <https://doi.org/10.1007/978-3-642-23808-6_10>`_ (ECML
    PKDD 2011), in the package iterative-stratification. The same images,
    labels and seed give the same parts, whatever the order of the entries.

    Args:
        entries (Sequence[dict]): N images with ``img_path``, ``gt_label`` and,
            where labels are partial, ``neg_label``.
        num_classes (int): K.
        shares (Sequence[Fraction]): Of the parts.
        seed (int): Names one split. Defaults to 0.
        groups (Sequence[str], optional): The group of each entry, such as its
            patient. Images of a group stay together; groups of many images
            or of many labels of a class are spread, too. Defaults to None,
            each image is its own group.

    Returns:
        list[list[dict]]: The parts, each in the order of ``entries``.

    Raises:
        ValueError: If there are too few groups for a part to have one.
    """
    units = groups or [entry['img_path'] for entry in entries]
    names = sorted(set(units), key=lambda unit: hash64(f'{seed}/{unit!a}'))
    row_of = {name: row for row, name in enumerate(names)}
    rows = [row_of[unit] for unit in units]
    parts = IterativeStratification(
        labels=_mark(_count(entries, rows, num_classes)),
        r=np.array([float(share) for share in shares]),
        random_state=np.random.RandomState(seed % 2**32),
    )
    found: List[List[dict]] = [[] for _ in shares]
    for entry, row in zip(entries, rows):
        found[parts[row]].append(entry)
    for name, part in zip(PARTS[len(shares)], found):
        if not part:
            raise ValueError(
                f'the part {name} of the split would be empty: there are '
                f'{len(entries)} images in {len(names)} groups; ask for '
                'fewer or larger parts.'
            )
    return found


def _count(
    entries: Sequence[dict], rows: Sequence[int], num_classes: int
) -> np.ndarray:
    """Count of each group its positives, negatives and images, (G, 2K + 1)."""
    counts = np.zeros((max(rows) + 1, 2 * num_classes + 1), np.int32)
    for entry, row in zip(entries, rows):
        negatives = entry.get('neg_label')
        if negatives is None:  # labels are complete
            counts[row, num_classes:-1] += 1
            counts[row, [num_classes + x for x in entry['gt_label']]] -= 1
        else:
            counts[row, [num_classes + x for x in negatives]] += 1
        counts[row, entry['gt_label']] += 1
        counts[row, -1] += 1
    return counts


def _mark(counts: np.ndarray) -> np.ndarray:
    """Mark what is to be spread, bool (G, M): each count by its magnitude.

    The algorithm knows only whether a group has a label: a group of one and
    one of a hundred would be alike to it.
    """
    marks = [counts > 0]
    for power in range(1, int(counts.max()).bit_length()):
        marks.append((counts >= 2**power) & (counts < 2 ** (power + 1)))
    every = np.concatenate(marks, axis=1)
    return every[:, every.any(axis=0) & ~every.all(axis=0)]


def count_lacking(
    classes: Sequence[str], parts: Sequence[Sequence[dict]]
) -> Dict[str, List[str]]:
    """Name the classes that a part has no known positive of.

    Args:
        classes (Sequence[str]): Names of the K classes.
        parts (Sequence[Sequence[dict]]): Of :func:`split_entries`.

    Returns:
        dict[str, list[str]]: Name of the part -> classes, where there are.
    """
    lacking = {}
    for name, part in zip(PARTS[len(parts)], parts):
        present = {label for entry in part for label in entry['gt_label']}
        missing = [x for n, x in enumerate(classes) if n not in present]
        if missing:
            lacking[name] = missing
    return lacking
