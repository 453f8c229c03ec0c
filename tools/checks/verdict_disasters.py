"""What goes wrong between a spreadsheet and a model, made on purpose."""

from dataclasses import replace
from typing import Callable, NamedTuple, Tuple

import numpy as np
from verdict_data import Parts, hide

from mmwsml.recipe.fitted_folder import HEAD, NETWORK
from mmwsml.recipe.picture_facts import PictureFacts
from mmwsml.recipe.verdict.facts import Facts

Rng = np.random.Generator


class Disaster(NamedTuple):
    """What is done, and which findings would name it."""

    name: str
    #: Any of them.
    expected: Tuple[str, ...]
    #: What is done to images and labels before the head is fitted.
    spoil: Callable[[Parts, Rng], Parts] = lambda parts, rng: parts
    #: What is done to what a fit left.
    spoil_fit: Callable[[Facts, Rng], Facts] = lambda facts, rng: facts


def _features(parts: Parts, change: Callable) -> Parts:
    """Change the features of both splits."""
    train, val = (
        data._replace(features=change(data.features))
        for data in (parts.train, parts.val)
    )
    return parts._replace(train=train, val=val)


def wrong_folder(parts: Parts, rng: Rng) -> Parts:
    """Give every image the file of another one."""
    return _features(parts, lambda rows: rows[rng.permutation(len(rows))])


def shuffled(parts: Parts, rng: Rng) -> Parts:
    """Give training images the labels of others."""
    order = rng.permutation(len(parts.positive))
    return parts._replace(
        positive=parts.positive[order], observed=parts.observed[order]
    )


def next_row(parts: Parts, rng: Rng) -> Parts:
    """Give training images the labels of the row above."""
    return parts._replace(
        positive=np.roll(parts.positive, 1, 0),
        observed=np.roll(parts.observed, 1, 0),
    )


def other_labels(parts: Parts, rng: Rng) -> Parts:
    """Take labels of other images, with other frequencies, for both."""
    order = rng.permutation(parts.positive.shape[1])
    val = parts.val.truth[:, order][rng.permutation(len(parts.val.truth))]
    found = shuffled(parts, rng)
    return found._replace(
        positive=found.positive[:, order],
        observed=found.observed[:, order],
        val=parts.val._replace(truth=val),
    )


def in_all(parts: Parts, rng: Rng) -> Parts:
    """Mark a class as present in all images."""
    positive, observed = parts.positive.copy(), parts.observed.copy()
    positive[:, 0] = observed[:, 0] = True
    return parts._replace(positive=positive, observed=observed)


def twelve(parts: Parts, rng: Rng) -> Parts:
    """Keep 12 images."""
    return Parts(
        parts.train.take(np.arange(10)),
        parts.val.take(np.arange(2)),
        parts.positive[:10],
        parts.observed[:10],
    )


def black(parts: Parts, rng: Rng) -> Parts:
    """Show nothing; what is left is rounding."""

    def blacken(rows: np.ndarray) -> np.ndarray:
        noise = rng.normal(0, 1e-5, rows.shape)
        return (rows[:1] * (1 + noise)).astype(np.float32)

    return _features(parts, blacken)


def half_one(parts: Parts, rng: Rng) -> Parts:
    """Replace half of the images by one."""

    def repeat(rows: np.ndarray) -> np.ndarray:
        rows = rows.copy()
        rows[::2] = rows[0]
        return rows

    return _features(parts, repeat)


def no_positive(parts: Parts, rng: Rng) -> Parts:
    """Take all positives of a class out of training."""
    rows = ~parts.positive[:, 1]
    return parts._replace(
        train=parts.train.take(rows),
        positive=parts.positive[rows],
        observed=parts.observed[rows],
    )


def copied(share: float) -> Callable[[Parts, Rng], Parts]:
    """Make validation images copies of training images."""

    def copy(parts: Parts, rng: Rng) -> Parts:
        num = int(share * len(parts.val.truth))
        rows = rng.permutation(len(parts.positive))[:num]
        features, truth = parts.val.features.copy(), parts.val.truth.copy()
        # Read from another file, a picture differs by rounding.
        noise = 1 + rng.normal(0, 1e-6, (num, features.shape[1]))
        features[:num] = parts.train.features[rows] * noise
        truth[:num] = parts.train.truth[rows]
        return parts._replace(
            val=parts.val._replace(features=features, truth=truth)
        )

    return copy


def next_column(parts: Parts, rng: Rng) -> Parts:
    """Shift the columns of the labels of validation."""
    truth = np.roll(parts.val.truth, 1, 1)
    return parts._replace(val=parts.val._replace(truth=truth))


def twice(parts: Parts, rng: Rng) -> Parts:
    """Copy the column of a class over another one."""
    positive, observed = parts.positive.copy(), parts.observed.copy()
    positive[:, 2], observed[:, 2] = positive[:, 1], observed[:, 1]
    return parts._replace(positive=positive, observed=observed)


def elsewhere(parts: Parts, rng: Rng) -> Parts:
    """Validate on images of another camera."""
    rows = parts.val.features
    spread = parts.train.features.std(0)
    moved = rows + spread * rng.normal(0, 1, rows.shape[1])
    return parts._replace(
        val=parts.val._replace(features=moved.astype(np.float32))
    )


def inverted(parts: Parts, rng: Rng) -> Parts:
    """Mark what is absent as present, in labels that are all known."""
    return parts._replace(
        positive=~parts.train.truth,
        observed=np.ones_like(parts.train.truth),
    )


def val_inverted(parts: Parts, rng: Rng) -> Parts:
    """Mark what is absent as present, in validation."""
    return parts._replace(val=parts.val._replace(truth=~parts.val.truth))


def nothing(parts: Parts, rng: Rng) -> Parts:
    """Read no mark of validation as present."""
    empty = np.zeros_like(parts.val.truth)
    return parts._replace(val=parts.val._replace(truth=empty))


def no_weights(parts: Parts, rng: Rng) -> Parts:
    """See noise, as a backbone whose weights are broken."""
    return _features(
        parts, lambda rows: rng.normal(0, 1, rows.shape).astype(np.float32)
    )


def positives_only(facts: Facts, rng: Rng) -> Facts:
    """Let validation know one positive an image, and nothing absent."""
    val = facts.splits['val']
    positive, observed = hide(val.positive, 'one', rng)
    val = replace(val, positive=positive, observed=observed)
    return replace(facts, splits=dict(facts.splits, val=val))


def _add_network(change: Callable) -> Callable[[Facts, Rng], Facts]:
    """Add a network whose scores are those of the head, changed."""

    def add(facts: Facts, rng: Rng) -> Facts:
        splits = {}
        for name, part in facts.splits.items():
            scores = change(name, part.positive, part.scores[HEAD], rng)
            both = {**part.scores, NETWORK: scores}
            splits[name] = replace(part, scores=both)
        return replace(facts, splits=splits)

    return add


def _diverge(
    name: str, positive: np.ndarray, scores: np.ndarray, rng: Rng
) -> np.ndarray:
    """Say the same of all images."""
    noise = rng.normal(0, 1e-6, scores.shape)
    return np.full_like(scores, 0.02) * (1 + noise)


def diverged(facts: Facts, rng: Rng) -> Facts:
    """Train with a rate a hundred times too high; the loss rises."""
    found = _add_network(_diverge)(facts, rng)
    return replace(found, losses={1: 0.4, 2: 9.3, 3: 5.1})


def _spoil_some(
    name: str, positive: np.ndarray, scores: np.ndarray, rng: Rng
) -> np.ndarray:
    return np.where(rng.random(scores.shape) < 0.01, np.nan, scores)


def broken_scores(facts: Facts, rng: Rng) -> Facts:
    """Hold some scores that are no number, of the model that was kept."""
    return replace(_add_network(_spoil_some)(facts, rng), kept=NETWORK)


def _memorise(
    name: str, positive: np.ndarray, scores: np.ndarray, rng: Rng
) -> np.ndarray:
    noise = rng.random(scores.shape)
    return (positive + noise) / 2 if name == 'train' else noise


def memorised(facts: Facts, rng: Rng) -> Facts:
    """Know training alone, and keep that."""
    return replace(_add_network(_memorise)(facts, rng), kept=NETWORK)


def thumbnails(facts: Facts, rng: Rng) -> Facts:
    """Read images of one pixel."""
    ones = np.ones(64)
    found = PictureFacts(ones, 0 * ones, ones, 0, 64)
    train = replace(facts.splits['train'], pictures=found)
    return replace(facts, splits=dict(facts.splits, train=train))


def cut_off(facts: Facts, rng: Rng) -> Facts:
    """Read files half of which end too early."""
    ones = np.ones(64)
    blank = np.where(np.arange(64) < 32, 0.4, 0)
    found = PictureFacts(128 * ones, 50 * ones, blank, 32, 64)
    train = replace(facts.splits['train'], pictures=found)
    return replace(facts, splits=dict(facts.splits, train=train))


NO_LINK = 'unrelated', 'chance', 'by_heart'
DISASTERS = (
    Disaster(
        'rate 100 times too high',
        ('collapsed', 'worse_than_head'),
        spoil_fit=diverged,
    ),
    Disaster('wrong image folder', NO_LINK, wrong_folder),
    Disaster('shuffled labels', NO_LINK, shuffled),
    Disaster('one class in all images', ('no_contrast',), in_all),
    Disaster('12 images', ('few_images',), twelve),
    Disaster('labels of another data set', NO_LINK, other_labels),
    Disaster('black images', ('twins',), black),
    Disaster('positives only', ('nothing_absent',), spoil_fit=positives_only),
    Disaster('no positive of a class', ('untaught',), no_positive),
    Disaster('validation copies training', ('copies',), copied(1.0)),
    Disaster('half of the images are one', ('twins',), half_one),
    Disaster('labels one row too low', NO_LINK, next_row),
    Disaster('a tenth of validation leaks', ('copies',), copied(0.1)),
    Disaster(
        'columns of validation shifted',
        ('exchanged', 'chance', 'reversed'),
        next_column,
    ),
    Disaster('a column twice', ('same_labels',), twice),
    Disaster('validation from elsewhere', ('shifted',), elsewhere),
    Disaster('training labels inverted', ('reversed',), inverted),
    Disaster('validation labels inverted', ('reversed',), val_inverted),
    Disaster('no mark read as present', ('nothing_present',), nothing),
    Disaster('backbone of noise', NO_LINK, no_weights),
    Disaster(
        'scores that are no number', ('not_finite',), spoil_fit=broken_scores
    ),
    Disaster('all learnt by heart', ('by_heart',), spoil_fit=memorised),
    Disaster('images of one pixel', ('pictures',), spoil_fit=thumbnails),
    Disaster('files that end too early', ('pictures',), spoil_fit=cut_off),
)
