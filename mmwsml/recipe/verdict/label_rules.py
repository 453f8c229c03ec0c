"""What is wrong with labels, from facts to findings.

A rule asks what a disaster does to numbers, not which disaster it was: an
empty list of images, a wrong folder and shuffled labels all leave labels that
do not follow from images.
"""

import re
from typing import Dict, Iterator, List

import numpy as np

from .evidence import FEW, Evidence
from .finding import (
    BROKEN,
    DOUBT,
    NOTE,
    Finding,
    name_classes,
    percent,
)

#: Share of the images from which a class has nearly all.
NEARLY = 0.9
#: How many times as frequent the class is that a misspelt one is taken for,
#: and the letters of a name from which one of them may be a slip.
RARE, LONG = 10, 5


def few_images(evidence: Evidence) -> Iterator[Finding]:
    """Too few labels to measure most classes."""
    for name in evidence.held_out:
        part = evidence.facts.splits[name]
        judged = evidence.judgeable(name)
        if evidence.is_small(name) and part.positive.any():
            yield Finding(
                'few_images',
                BROKEN if name == evidence.judged else DOUBT,
                f'{_images(len(part.positive), name)} hold {FEW} examples of '
                f'{judged.sum()} of {len(judged)} classes only: they cannot '
                'tell how good anything is.',
                'label more images, 50 at least, or give them with '
                f'--{"test" if name == "test" else "val"}',
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


def nearly_all(evidence: Evidence) -> Iterator[Finding]:
    """Classes that nearly all images have which are known to have them."""
    part = evidence.facts.splits[evidence.judged]
    known = np.maximum(part.observed.sum(0), 1)
    share = np.where(known >= FEW, part.positive.sum(0) / known, 0)
    share[(part.observed & ~part.positive).sum(0) == 0] = 0
    for k in np.flatnonzero(share >= NEARLY):
        yield Finding(
            'nearly_all',
            NOTE,
            f'{percent(share[k])} of the images of {evidence.judged} show '
            f'{evidence.facts.classes[k]}: an average precision of that much '
            'says nothing, and only those without it tell.',
            f'add images without {evidence.facts.classes[k]}, or leave it out',
        )


def same_names(evidence: Evidence) -> Iterator[Finding]:
    """Classes whose names are one, but for capitals, spaces and dashes."""
    groups: Dict[str, List[str]] = {}
    for name in evidence.facts.classes:
        words = re.sub(r'[\s_-]+', ' ', name.casefold()).strip()
        groups.setdefault(words, []).append(name)
    for names in groups.values():
        if len(names) > 1:
            yield Finding(
                'same_names',
                DOUBT,
                f'{name_classes(names)} may be one class: what is labelled '
                'as one of them counts against the other.',
                f'write {name_classes(names)} alike',
            )


def close_names(evidence: Evidence) -> Iterator[Finding]:
    """A rare class that is called as a frequent one but for a letter."""
    classes = evidence.facts.classes
    number = evidence.train.positive.sum(0)
    alike: Dict[str, List[int]] = {}
    for k in np.argsort(-number, kind='stable').tolist():
        name = classes[k].casefold()
        # Names that are a letter apart have one of these in common.
        for place in range(len(name) + 1):
            alike.setdefault(name[:place] + name[place + 1 :], []).append(k)
    found = {
        (group[0], k)
        for group in alike.values()
        for k in group[1:]
        if RARE * number[k] <= number[group[0]]
        and _is_slip(classes[group[0]], classes[k])
    }
    for often, rare in sorted(found):
        yield Finding(
            'close_names',
            NOTE,
            f'{classes[rare]} (known labels: {number[rare]}) may be '
            f'{classes[often]} (known labels: {number[often]}) misspelt.',
            f'write {classes[rare]} as {classes[often]} if it is that',
        )


def _is_slip(one: str, other: str) -> bool:
    """Whether names are long enough, and differ in more than numbers."""
    one, other = one.casefold(), other.casefold()
    differ = re.sub(r'\d', '', one) != re.sub(r'\d', '', other)
    return differ and max(len(one), len(other)) >= LONG


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
            DOUBT,
            f'Of most classes no image of {evidence.judged} is known to lack '
            'it, so how often the model is wrong cannot be measured: '
            'thresholds are estimates, and pu_AUC takes the place of mAP (how '
            'often an image with a known label is ranked before one without; '
            '50 % is chance).',
            'label 50 images completely, with 0 or no where a class is not, '
            'and give them with --val',
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
    same_names,
    close_names,
    same_labels,
    nearly_all,
    nothing_absent,
)
