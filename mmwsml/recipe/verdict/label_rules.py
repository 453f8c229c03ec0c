"""What is wrong with labels, from facts to findings.

A rule asks what a disaster does to numbers, not which disaster it was: an
empty list of images, a wrong folder and shuffled labels all leave labels that
do not follow from images.
"""

from typing import Iterator

import numpy as np

from .evidence import FEW, Evidence
from .finding import (
    BROKEN,
    DOUBT,
    NOTE,
    Finding,
    name_classes,
)


def few_images(evidence: Evidence) -> Iterator[Finding]:
    """Too few labels to measure most classes."""
    name = evidence.judged
    part = evidence.facts.splits[name]
    judged = evidence.judgeable(name)
    if judged.mean() < 0.5 and part.positive.any():
        yield Finding(
            'few_images',
            BROKEN,
            f'{_images(len(part.positive), name)} hold {FEW} examples of '
            f'{judged.sum()} of {len(judged)} classes only: they cannot tell '
            'how good anything is.',
            'label more images, 50 of validation at least, or give them with '
            '--val',
        )


def untaught(evidence: Evidence) -> Iterator[Finding]:
    """Classes that validation asks for and training never showed."""
    positives = evidence.train.positive.sum(0)
    lacking = positives == 0
    asked = lacking.copy()
    for name, part in evidence.facts.splits.items():
        if name != 'train':
            asked |= lacking & part.positive.any(0)
    if lacking.any():
        names = [evidence.facts.classes[k] for k in np.flatnonzero(lacking)]
        yield Finding(
            'untaught',
            BROKEN if lacking.mean() >= 0.5 else DOUBT,
            f'No training image is labelled as {name_classes(names)}: what '
            'the model says of it is a guess.',
            f'label some images as {name_classes(names)}, or leave it out',
        )


def no_contrast(evidence: Evidence) -> Iterator[Finding]:
    """Classes that all training images have."""
    every = np.asarray(evidence.train.positive.all(0))
    if every.any() and len(evidence.train.positive) > 1:
        names = [evidence.facts.classes[k] for k in np.flatnonzero(every)]
        yield Finding(
            'no_contrast',
            BROKEN if every.sum() == len(every) else DOUBT,
            f'Every training image is labelled as {name_classes(names)}: '
            'without an image that lacks it there is nothing to learn.',
            f'add images without {name_classes(names)}, or leave it out',
        )


def same_labels(evidence: Evidence) -> Iterator[Finding]:
    """Classes whose labels are those of another class, image for image."""
    train = evidence.train
    groups: dict = {}
    for k in np.flatnonzero(train.positive.sum(0) >= FEW):
        marks = train.positive[:, k], train.observed[:, k]
        key = b''.join(np.packbits(x).tobytes() for x in marks)
        groups.setdefault(key, []).append(evidence.facts.classes[k])
    for names in groups.values():
        if len(names) > 1:
            yield Finding(
                'same_labels',
                DOUBT,
                f'{name_classes(names)} have the same labels in all training '
                'images: one column may be a copy.',
                f'look at the columns of {name_classes(names)}',
            )


def nothing_absent(evidence: Evidence) -> Iterator[Finding]:
    """Nothing is known to be absent where a model is to be judged."""
    part = evidence.facts.splits[evidence.judged]
    if part.positive.any() and not evidence.has_both_kinds(part):
        yield Finding(
            'nothing_absent',
            NOTE,
            f'Of most classes no image of {evidence.judged} is known to lack '
            'it: neither mAP nor thresholds can be measured, and pu_AUC takes '
            'their place.',
            'label 50 images completely and give them with --val',
        )


def nothing_present(evidence: Evidence) -> Iterator[Finding]:
    """No label is known to be present."""
    for name, part in evidence.facts.splits.items():
        if not part.positive.any():
            yield Finding(
                'nothing_present',
                BROKEN,
                f'No label of {_images(len(part.positive), name)} is known to '
                'be present.',
                'look at the label file: which mark means present?',
            )


def _images(number: int, split: str) -> str:
    return f'The {number:,} images of {split}'


#: From what makes all else meaningless to what is good to know.
LABEL_RULES = (
    nothing_present,
    few_images,
    no_contrast,
    untaught,
    same_labels,
    nothing_absent,
)
