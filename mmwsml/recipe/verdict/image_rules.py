"""What is wrong with images, alone and against their labels."""

from typing import Iterator

import numpy as np

from .evidence import Evidence
from .finding import BROKEN, DOUBT, NOTE, Finding, percent
from .likeness import SEARCHED, usable

#: A distance between features below which two images are one, in shares of
#: what is usual between an image and its nearest neighbour. One image read
#: twice differs by rounding, a thousandth; the most alike of 4,800 photographs
#: by two fifths.
SAME = 1e-2
#: A distance below which they are nearly one, in shares of what is usual
#: between any two: copies that are cut by a twentieth and brighter by a tenth
#: have 0.07 to 0.3; the nearest neighbours among 300 photographs 0.54, at
#: least, among scenes of digits 0.35.
NEAR = 0.33
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


def copies(evidence: Evidence) -> Iterator[Finding]:
    """Images of validation or test that training has seen, or nearly."""
    own, usual = evidence.likeness.own, evidence.likeness.usual
    for name in ('val', 'test'):
        distances = evidence.likeness.to_training(name)
        if distances is None or own is None:
            continue
        share = (distances <= NEAR * usual).mean()
        # Images of a narrow kind are alike without being copies.
        alike = (own <= NEAR * usual).mean()
        if share < (MANY if alike >= SOME else max(SOME, 3 * alike)):
            continue
        yield Finding(
            'copies',
            BROKEN if share >= MANY and name == evidence.judged else DOUBT,
            f'{percent(share)} of the images of {name} are copies of '
            'training images, or nearly: what is measured on them is what was '
            'learnt by heart.',
            f'take them out of {name}, or let fit split the labels, with '
            '--group where images come in series',
        )


def not_searched(evidence: Evidence) -> Iterator[Finding]:
    """Copies that nobody has looked for."""
    num = len(evidence.train.positive)
    if evidence.facts.is_untrained:
        why = 'the network has learned nothing'
    elif num > SEARCHED:
        why = f'only {SEARCHED:,} of {num:,} training images were compared'
    else:
        return
    yield Finding(
        'not_searched',
        NOTE,
        'Images of validation and test that are nearly training images are '
        f'not sure to have been found: {why}.',
        '',
    )


def twins(evidence: Evidence) -> Iterator[Finding]:
    """Training images that the network cannot tell apart."""
    own, features = evidence.likeness.own, usable(evidence.train)
    if own is None or features is None:
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


def unrelated(evidence: Evidence) -> Iterator[Finding]:
    """Labels that do not follow from the images."""
    found = {name: evidence.alignment(name) for name in evidence.facts.splits}
    links = {name: spread for name, spread in found.items() if spread}
    seen = [x.value for x in links.values() if x.value > x.chance_high]
    # Where the labels of one split have a link, half of it is due to others.
    due = max([NO_LINK, *((1 / 2 + value) / 2 for value in seen)])
    for name, link in links.items():
        is_chance = link.value <= link.chance_high
        if is_chance and link.value + 2 * link.error < due:
            yield Finding(
                'unrelated',
                BROKEN,
                f'The labels of {name} have nothing to do with its images: '
                'images that look alike agree no more than any two '
                f'(AUC {link.value:.2f}, by chance {link.chance:.2f}).',
                'check that labels and images belong together (the folder, '
                'the column of file names, the order of rows), and that the '
                'backbone has its weights',
            )


def shifted(evidence: Evidence) -> Iterator[Finding]:
    """Images of validation or test of another kind than those of training."""
    for name in ('val', 'test'):
        found = evidence.likeness.shift(name)
        if found is None or found.value < max(APART, found.chance_high):
            continue
        yield Finding(
            'shifted',
            DOUBT,
            f'Images of {name} are of another kind than training images: they '
            f'are told apart in {percent(found.value)} of all pairs.',
            f'use {name} images that are taken and prepared like those of '
            'training, unless the difference is meant',
        )


def broken_features(evidence: Evidence) -> Iterator[Finding]:
    """Features that are no numbers."""
    for name, part in evidence.facts.splits.items():
        features = part.features
        if features is not None and not np.isfinite(features).all():
            yield Finding(
                'broken_features',
                BROKEN,
                f'The features of {name} hold what is no finite number.',
                'look at the weights of the backbone',
            )


#: From what makes all else meaningless to what is good to know.
IMAGE_RULES = (
    broken_features,
    pictures,
    twins,
    unrelated,
    copies,
    shifted,
    not_searched,
)
