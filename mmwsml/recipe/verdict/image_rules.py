"""What is wrong with images, alone and against their labels."""

from typing import Iterator

import numpy as np

from .evidence import Evidence, usable
from .finding import BROKEN, DOUBT, Finding, percent

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
    own, features = evidence.own_distances, usable(evidence.train)
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
        if features is not None and not np.isfinite(features).all():
            yield Finding(
                'broken_features',
                BROKEN,
                f'The features of {name} hold what is no finite number.',
                'look at the weights of the backbone',
            )


#: From what makes all else meaningless to what is good to know.
IMAGE_RULES = (broken_features, pictures, twins, unrelated, copies, shifted)
