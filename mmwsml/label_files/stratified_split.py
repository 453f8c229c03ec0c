"""Splitting labelled images so that each part has its share of each label."""

from fractions import Fraction
from typing import Dict, List, Sequence

import numpy as np
from iterstrat.ml_stratifiers import IterativeStratification

from mmwsml.structures import hash64

from .marked_labels import ABSENT, PRESENT, MarkedLabels

#: Names of the parts, by their number.
PARTS = {2: ('train', 'val'), 3: ('train', 'val', 'test')}
NUM_SHOWN = 10  # names of classes in a sentence


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
            '--split must be the shares of train and val, or of train, val '
            'and test: positive numbers that add up to 1, such as '
            f'0.7,0.15,0.15, but got {text!r:.60}.'
        )
    return shares


def split_images(
    marked: MarkedLabels,
    shares: Sequence[Fraction],
    seed: int = 0,
) -> Dict[str, MarkedLabels]:
    """Split images, multi-label stratified.

    Known positives and known negatives of each class are spread over the
    parts as the images are, the rarest first. The algorithm is that of
    `Sechidis et al. <https://doi.org/10.1007/978-3-642-23808-6_10>`_ (ECML
    PKDD 2011), in the package iterative-stratification. The same images,
    labels and seed give the same parts, whatever the order of the images.

    Args:
        marked (MarkedLabels): N images, each once, and K classes. Images of a
            group stay together; groups of many images or of many labels of a
            class are spread, too.
        shares (Sequence[Fraction]): Of the parts.
        seed (int): Names one split, from 0. Defaults to 0.

    Returns:
        dict[str, MarkedLabels]: The parts by their names, each in the order
        of the images.

    Raises:
        ValueError: If a part would be empty.
    """
    units = marked.groups or marked.images
    names = sorted(set(units), key=lambda unit: hash64(f'{seed}/{unit!a}'))
    row_of = {name: row for row, name in enumerate(names)}
    rows = np.array([row_of[unit] for unit in units])
    parts = IterativeStratification(
        labels=_mark(_count(marked, rows, len(names))),
        r=np.array([float(share) for share in shares]),
        random_state=np.random.RandomState(seed),
    )[rows]
    sizes = np.bincount(parts, minlength=len(shares))
    if not sizes.all():
        raise ValueError(
            f'--split: {len(marked)} images in {len(names)} groups are too '
            f'few for the part {PARTS[len(shares)][int(sizes.argmin())]!r} to '
            'have one; ask for larger or fewer parts.'
        )
    return {
        name: marked.take(np.flatnonzero(parts == part))
        for part, name in enumerate(PARTS[len(shares)])
    }


def _count(
    marked: MarkedLabels, rows: np.ndarray, num_groups: int
) -> np.ndarray:
    """Count of each group its positives, negatives and images, (G, 2K + 1)."""
    alone = num_groups == len(marked)
    num = len(marked.classes)
    # An image of its own has one of each at most.
    dtype = np.int8 if alone else np.int32
    counts = np.zeros((num_groups, 2 * num + 1), dtype)
    start = 0
    for dense in marked.dense():
        ones = np.ones((len(dense), 1), bool)
        found = np.hstack([dense == PRESENT, dense == ABSENT, ones])
        part = rows[start : start + len(dense)]
        if alone:
            counts[part] = found
        else:
            np.add.at(counts, part, found)
        start += len(dense)
    return counts


def _mark(counts: np.ndarray) -> np.ndarray:
    """Mark what is to be spread, bool (G, M): each count by its magnitude.

    The algorithm knows only whether a group has a label: a group of one and
    one of a hundred would be alike to it.
    """
    marks = [counts > 0]
    for power in range(1, int(counts.max()).bit_length()):
        magnitude = (counts >> power) == 1
        marks.append(magnitude[:, magnitude.any(axis=0)])
    every = np.concatenate(marks, axis=1)
    return every[:, every.any(axis=0) & ~every.all(axis=0)]


def say_what_lacks(parts: Dict[str, MarkedLabels]) -> List[str]:
    """Write a sentence for each part that has no positive of some class.

    Args:
        parts (dict[str, MarkedLabels]): Of :func:`split_images`.
    """
    sentences = []
    for name, part in parts.items():
        found = np.unique(part.labels[part.marks == PRESENT])
        missing = np.setdiff1d(np.arange(len(part.classes)), found)
        if len(missing):
            shown = [part.classes[n] for n in missing[:NUM_SHOWN]]
            more = ', ...' if len(missing) > NUM_SHOWN else ''
            sentences.append(
                f'{name} has no known positive of {len(missing)} classes, '
                f'which have too few: {", ".join(shown)}{more}.'
            )
    return sentences
