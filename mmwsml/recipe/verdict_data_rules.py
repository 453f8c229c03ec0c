"""What is wrong with images and labels, from facts to findings.

A rule asks what a disaster does to numbers, not which disaster it was: an
empty list of images, a wrong folder and shuffled labels all leave labels that
do not follow from images.
"""

from typing import Iterator

import numpy as np

from .verdict_evidence import FEW, Evidence, usable
from .verdict_finding import (
    BROKEN,
    DOUBT,
    NOTE,
    Finding,
    name_classes,
    percent,
)

#: A distance between features below which two images are one, in shares of
#: what is usual between an image and its nearest neighbour. One image read
#: twice differs by rounding, a thousandth; the most alike of 4,800 photographs
#: by two fifths.
SAME = 1e-2
#: Share of copies from which they are said, and from which they decide. Two
#: in a hundred move a mean by less than its interval; a third makes it.
SOME, MANY = 0.02, 0.3
#: An AUC that nobody would call a link between images and labels. Labels have
#: none if theirs is surely below it; that few labels show none says nothing.
NO_LINK = 0.55
#: An AUC from which images of validation are of another kind than those of
#: training: four of five pairs are told apart.
APART = 0.8
TINY = 16  # px, of the shorter side; a digit takes 8


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
    every = evidence.train.positive.all(0)
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


def copies(evidence: Evidence) -> Iterator[Finding]:
    """Images of validation or test that training has seen."""
    own = evidence.own_distances
    for name in ('val', 'test'):
        distances = evidence.distances(name)
        if distances is None or own is None:
            continue
        usual = np.median(distances if own.max() == 0 else own[own > 0])
        share = (distances <= SAME * usual).mean()
        if share >= SOME:
            yield Finding(
                'copies',
                BROKEN if share >= MANY else DOUBT,
                f'{percent(share)} of the images of {name} are copies of '
                'training images: what is measured on them is what was learnt '
                'by heart.',
                f'take the copies out of {name}, or let fit split the labels',
            )


def twins(evidence: Evidence) -> Iterator[Finding]:
    """Training images that the network cannot tell apart."""
    own, features = evidence.own_distances, evidence.train.features
    if own is None:
        return
    norm = np.sqrt((features[:100].astype(float) ** 2).sum(1).mean())
    others = own[own > 1e-3 * norm]  # else nothing but rounding
    usual = np.median(others) if len(others) else 1.0
    share = (own <= SAME * usual).mean() if len(others) else 1.0
    if share >= 0.1:
        yield Finding(
            'twins',
            BROKEN if share >= 0.5 else DOUBT,
            f'{percent(share)} of the training images look the same to the '
            'network as another one: one image many times, or images that '
            'show nothing.',
            'look at some of the image files',
        )


def pictures(evidence: Evidence) -> Iterator[Finding]:
    """Images that show nothing, or less than they should."""
    for name, part in evidence.facts.splits.items():
        found = part.pictures
        if found is None:
            continue
        black = (found.blank == 1).mean()
        cut = max(found.num_broken / found.num, (found.blank > 0.3).mean())
        tiny = (found.side < TINY).mean()
        for share, what in (
            (black, 'are of one colour'),
            (cut if black < 0.1 else 0, 'end too early, or are empty below'),
            (tiny, f'are smaller than {TINY} px'),
        ):
            if share >= 0.1:
                yield Finding(
                    'pictures',
                    BROKEN if share >= 0.5 else DOUBT,
                    f'{percent(share)} of {found.num} images of {name} that '
                    f'were looked at {what}.',
                    'look at the image files, and copy them anew',
                )


def unrelated(evidence: Evidence) -> Iterator[Finding]:
    """Labels that do not follow from the images."""
    for name in evidence.facts.splits:
        found = evidence.alignment(name)
        if found is None or found.value > found.chance_high:
            continue
        if found.value + 2 * found.error < NO_LINK:
            yield Finding(
                'unrelated',
                BROKEN,
                f'The labels of {name} have nothing to do with its images: '
                'images that look alike agree no more than any two '
                f'(AUC {found.value:.2f}, by chance '
                f'{found.chance:.2f}).',
                'check that labels and images belong together: the folder, '
                'the column of file names, the order of rows',
            )


def shifted(evidence: Evidence) -> Iterator[Finding]:
    """Validation images of another kind than those of training."""
    found = evidence.shift
    if found is None or found.value < max(APART, found.chance_high):
        return
    yield Finding(
        'shifted',
        DOUBT,
        'Validation images are of another kind than training images: they are '
        f'told apart in {percent(found.value)} of all pairs.',
        'use validation images that are drawn like those of training, unless '
        'the difference is meant',
    )


def broken_features(evidence: Evidence) -> Iterator[Finding]:
    """Features that are no numbers."""
    for name, part in evidence.facts.splits.items():
        features = part.features
        if features is not None and len(features) > 1 and not usable(features):
            yield Finding(
                'broken_features',
                BROKEN,
                f'The features of {name} hold what is no finite number.',
                'look at the weights of the backbone',
            )


def _images(number: int, split: str) -> str:
    return f'The {number:,} images of {split}'


#: From what makes all else meaningless to what is good to know.
DATA_RULES = (
    nothing_present,
    broken_features,
    pictures,
    twins,
    unrelated,
    copies,
    few_images,
    no_contrast,
    untaught,
    same_labels,
    shifted,
    nothing_absent,
)
