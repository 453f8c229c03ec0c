"""Disasters that a person thought of who did not know the rules.

Each is done to image files and tables before ``mmwsml fit`` reads them, or to
how the network is trained.
"""

from typing import Callable, NamedTuple, Tuple

import cv2
import numpy as np
from fit_given import SPLITS, Given, Part

Rng = np.random.Generator
Spoil = Callable[[Given, Rng], Given]


class FitDisaster(NamedTuple):
    """What is done, and which findings name it."""

    name: str
    #: Any of them, or words of the verdict.
    expected: Tuple[str, ...]
    spoil: Spoil = lambda given, rng: given
    #: Times that the rate of the network is too high; 0: no network.
    rate: float = 0


def each(change: Callable[[Part, Rng], Part], *splits: str) -> Spoil:
    """Change some splits."""

    def spoil(given: Given, rng: Rng) -> Given:
        changed = {name: change(given.parts[name], rng) for name in splits}
        return given.replace(**changed)

    return spoil


def _columns(part: Part, order: np.ndarray) -> Part:
    return part._replace(
        positive=part.positive[:, order], observed=part.observed[:, order]
    )


def _rows(part: Part, order: np.ndarray) -> Part:
    return part._replace(
        positive=part.positive[order], observed=part.observed[order]
    )


def permute(part: Part, rng: Rng) -> Part:
    """Give images the labels of others."""
    return _rows(part, rng.permutation(len(part.images)))


def noise(share: float) -> Callable[[Part, Rng], Part]:
    """Call a share of what is present by the name of another class."""

    def change(part: Part, rng: Rng) -> Part:
        positive, observed = part.positive.copy(), part.observed.copy()
        for row, k in np.argwhere(part.positive):
            others = np.flatnonzero(~positive[row])
            if rng.random() < share and len(others):
                other = rng.choice(others)
                positive[row, k], positive[row, other] = False, True
                # What was known to be absent is said to be there.
                observed[row, k] = part.observed[row, other]
                observed[row, other] = True
        return part._replace(positive=positive, observed=observed)

    return change


def off_by_one(part: Part, rng: Rng) -> Part:
    """Count classes from one instead of from nought."""
    return _columns(part, np.roll(np.arange(part.positive.shape[1]), 1))


def swap_two(part: Part, rng: Rng) -> Part:
    """Exchange the second and the third of the frequent classes."""
    order = np.arange(part.positive.shape[1])
    one, other = np.argsort(-part.positive.sum(0), kind='stable')[1:3]
    order[[one, other]] = other, one
    return _columns(part, order)


def near_copy(image: np.ndarray, rng: Rng) -> np.ndarray:
    """Cut an edge off, and change light and size a little."""
    height, width = image.shape[:2]
    top, left = rng.integers(0, max(2, height // 20), 2)
    cut = image[top:, left:].astype(float) * rng.uniform(0.9, 1.1)
    cut = cut.clip(0, 255).astype(np.uint8)
    return cv2.resize(cut, (width, height))


def copy_training(given: Given, rng: Rng) -> Given:
    """Make half of the test images near copies of training images."""
    train, test = given.parts['train'], given.parts['test']
    half = len(test.images) // 2
    rows = rng.permutation(len(train.images))[:half]
    images = [near_copy(train.images[row], rng) for row in rows]
    positive, observed = test.positive.copy(), test.observed.copy()
    positive[:half] = train.positive[rows]
    observed[:half] = train.observed[rows]
    images += test.images[half:]
    return given.replace(test=Part(images, positive, observed))


def nearly_all(part: Part, rng: Rng) -> Part:
    """Mark a class as present in 95 % of the images."""
    positive, observed = part.positive.copy(), part.observed.copy()
    positive[:, 0] = rng.random(len(positive)) < 0.95
    observed[:, 0] |= positive[:, 0]
    return part._replace(positive=positive, observed=observed)


def seen_through(change: Callable) -> Callable[[Part, Rng], Part]:
    """Change the pictures alone."""
    return lambda part, rng: part._replace(
        images=[change(image, rng) for image in part.images]
    )


def blur(image: np.ndarray, rng: Rng) -> np.ndarray:
    """Take a picture out of focus."""
    return cv2.GaussianBlur(image, (0, 0), image.shape[0] / 40)


def invert(image: np.ndarray, rng: Rng) -> np.ndarray:
    """Show the negative."""
    return 255 - image


def shrink(image: np.ndarray, rng: Rng) -> np.ndarray:
    """Keep a quarter of both sides."""
    return cv2.resize(image, None, fx=0.25, fy=0.25)


def blank(image: np.ndarray, rng: Rng) -> np.ndarray:
    """Show nothing in every second picture."""
    return np.full_like(image, 128) if rng.random() < 0.5 else image


def five(part: Part, rng: Rng) -> Part:
    """Keep five images."""
    return part.take(np.arange(5))


def without_one(part: Part, rng: Rng) -> Part:
    """Leave out what shows the third of the frequent classes."""
    k = np.argsort(-part.positive.sum(0), kind='stable')[2]
    return part.take(np.flatnonzero(~part.positive[:, k]))


def two_names(given: Given, rng: Rng) -> Given:
    """Write the second of the frequent classes in two ways."""
    found = given.parts['val'].positive.sum(0)
    k = np.argsort(-found, kind='stable')[1]
    parts = {}
    for name, part in given.parts.items():
        other = rng.random(len(part.images)) < 0.5
        columns = [part.positive, part.positive[:, [k]] & other[:, None]]
        positive = np.concatenate(columns, 1)
        positive[other, k] = False
        known = np.concatenate([part.observed, part.observed[:, [k]]], 1)
        if not part.observed.all():  # one label an image stays one
            known = positive | (known & ~known[:, [k]])
        parts[name] = Part(part.images, positive, known)
    name = given.classes[k]
    return Given((*given.classes, name.capitalize()), parts)


def bursts(given: Given, rng: Rng) -> Given:
    """Split some bursts of one class each frame by frame."""
    whole = given.parts['val']
    wanted = [
        rng.choice(np.flatnonzero(whole.positive[:, k]))
        for k in np.flatnonzero(whole.positive.any(0))
    ]
    parts = {}
    for name, part in given.parts.items():
        rows = rng.choice(wanted, len(part.images))
        images = [near_copy(whole.images[row], rng) for row in rows]
        positive = whole.positive[rows]
        observed = whole.observed[rows]
        if name == 'train':
            positive = observed = positive & (
                np.cumsum(positive, 1) == 1  # one label an image
            )
        parts[name] = Part(images, positive, observed)
    return given.replace(**parts)


def half_shifted(part: Part, rng: Rng) -> Part:
    """Lose a row in the middle of the table."""
    order = np.arange(len(part.images))
    half = len(order) // 2
    order[half:] = np.roll(order[half:], 1)
    return _rows(part, order)


MOVED = 'unrelated', 'disagree', 'exchanged', 'swapped', 'broken_order'
FOREIGN = 'shifted', 'disagree', 'apart'
DIED = 'diverged', 'collapsed', 'not_finite', 'worse_than_head'
FIT_DISASTERS = (
    FitDisaster(
        'labels permuted in every split',
        ('unrelated', 'chance'),
        each(permute, *SPLITS),
    ),
    FitDisaster('40 % wrong in training', MOVED, each(noise(0.4), 'train')),
    FitDisaster('30 % wrong everywhere', MOVED, each(noise(0.3), *SPLITS)),
    FitDisaster('ids off by one in test', MOVED, each(off_by_one, 'test')),
    FitDisaster(
        'ids off by one in training', MOVED, each(off_by_one, 'train')
    ),
    FitDisaster('two ids swapped in test', MOVED, each(swap_two, 'test')),
    FitDisaster('two ids swapped in training', MOVED, each(swap_two, 'train')),
    FitDisaster('half of test nearly copies', ('copies',), copy_training),
    FitDisaster('a class in 95 %', ('nearly_all',), each(nearly_all, *SPLITS)),
    FitDisaster('test blurred', FOREIGN, each(seen_through(blur), 'test')),
    FitDisaster('test inverted', FOREIGN, each(seen_through(invert), 'test')),
    FitDisaster(
        'test of a quarter the size',
        (*FOREIGN, 'pictures'),
        each(seen_through(shrink), 'test'),
    ),
    FitDisaster(
        'half of the images blank',
        ('pictures', 'twins'),
        each(seen_through(blank), *SPLITS),
    ),
    FitDisaster('network that says the same of all', DIED, rate=100),
    FitDisaster('network that is not finite', DIED, rate=1e9),
    FitDisaster('five test images', ('few_images',), each(five, 'test')),
    FitDisaster(
        'a class missing in test',
        ('cannot be judged on test',),
        each(without_one, 'test'),
    ),
    FitDisaster('a class under two names', ('same_names',), two_names),
    FitDisaster('bursts split frame by frame', ('copies',), bursts),
    FitDisaster(
        'half of training shifted by a row',
        MOVED,
        each(half_shifted, 'train'),
    ),
    FitDisaster(
        'half of all shifted by a row', MOVED, each(half_shifted, *SPLITS)
    ),
)
