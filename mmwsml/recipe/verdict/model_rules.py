"""What is wrong with what was trained, from facts to findings."""

from typing import Iterator, Tuple

import numpy as np

from mmwsml.evaluation.positive_unlabeled import roc_auc_of_class

from ..fitted_folder import NETWORK
from .evidence import Evidence, Measure
from .finding import (
    BROKEN,
    DOUBT,
    Finding,
    name_classes,
    percent,
)

WORDS = {'head': 'the head on frozen features', NETWORK: 'the trained network'}
#: Spread of scores over images, in shares of their mean, below which all
#: images are told the same, if that ranks them no better than chance. (A head
#: that is shrunk much ranks well by differences as small.)
ALIKE = 1e-3
#: An AUC on training from which everything was learnt by heart, and one on
#: other images that is hardly better than chance.
BY_HEART, WEAK = 0.95, 0.6


def not_finite(evidence: Evidence) -> Iterator[Finding]:
    """Losses or scores that are no numbers."""
    losses = np.array(list(evidence.facts.losses.values()), float)
    if len(losses) and not np.isfinite(losses).all():
        step = list(evidence.facts.losses)[np.isfinite(losses).argmin()]
        yield Finding(
            'not_finite',
            _if_kept(evidence, NETWORK),
            f'The loss of the network is no finite number from epoch {step}.',
            'lower the learning rate, by ten to begin with',
        )
    for run, split in _runs(evidence):
        scores = evidence.facts.splits[split].scores[run]
        share = 1 - np.isfinite(scores).mean()
        if share:
            yield Finding(
                'not_finite',
                _if_kept(evidence, run),
                f'{percent(share)} of the scores of {WORDS[run]} on {split} '
                'are no finite numbers.',
                'lower the learning rate, and look at the weights',
            )
            return


def collapsed(evidence: Evidence) -> Iterator[Finding]:
    """A model that says the same of every image."""
    for run, split in _runs(evidence):
        scores = evidence.facts.splits[split].scores[run].astype(float)
        if split != evidence.judged or not np.isfinite(scores).all():
            continue
        found = evidence.measure(split, run)
        alike = scores.std(0).mean() <= ALIKE * scores.mean()
        if alike and (found is None or found.is_chance):
            yield Finding(
                'collapsed',
                _if_kept(evidence, run),
                f'{WORDS[run].capitalize()} gives all images of {split} the '
                'same scores.',
                'lower the learning rate, by ten to begin with, and look at '
                'the images',
            )


def chance(evidence: Evidence) -> Iterator[Finding]:
    """A model no better than scores that images have swapped."""
    run = evidence.kept
    for split in evidence.held_out:
        found = evidence.measure(split, run)
        if found is None or not np.isfinite(found.auc.value):
            continue
        if split != evidence.judged and evidence.is_small(split):
            continue
        severity = BROKEN if split == evidence.judged else DOUBT
        if found.is_reversed:
            yield Finding(
                'reversed',
                severity,
                f'{WORDS[run].capitalize()} ranks images of {split} upside '
                'down: those with a class score below those without it (AUC '
                f'{found.auc.value:.2f}).',
                'check which mark of the labels means present, which absent',
            )
        elif found.is_chance:
            yield Finding(
                'chance',
                severity,
                f'{WORDS[run].capitalize()} is no better than chance on '
                f'{split}: {_write(found)} where swapped images reach up to '
                f'{percent(found.spread.chance_high)}.',
                'check that labels and images belong together, then label '
                'more',
            )


def exchanged(evidence: Evidence) -> Iterator[Finding]:
    """Classes that the scores of another class rank better than their own."""
    for split in evidence.held_out:
        if evidence.measure(split, evidence.kept) is not None:
            yield from _find_exchanged(evidence, split)


def _find_exchanged(evidence: Evidence, split: str) -> Iterator[Finding]:
    run, part = evidence.kept, evidence.facts.splits[split]
    kept = np.flatnonzero(evidence.judgeable(split))[:40]
    scores, rows = part.scores[run], part.positive[:, kept]
    link = evidence.alignment('train')
    if len(kept) < 3 or (link and link.value <= link.chance_high):
        return  # without a link, what ranks best is luck
    own, best, names = _compare_classes(scores[:, kept], rows)
    # The spread of chance of a class, and what the best of K reaches of it.
    error = 1 / np.sqrt(12 * rows.sum(0))
    most = np.sqrt(2 * np.log(len(kept) ** 2))
    wrong = (best - own > most * error) & (best - 0.5 > most * error)
    if wrong.mean() >= 0.3:
        shown = [
            f'{evidence.facts.classes[kept[k]]} by '
            f'{evidence.facts.classes[kept[names[k]]]}'
            for k in np.flatnonzero(wrong)
        ]
        yield Finding(
            'exchanged',
            BROKEN if split == evidence.judged else DOUBT,
            f'{wrong.sum()} of {len(kept)} classes of {split} are ranked '
            f'better by the scores of another class ({name_classes(shown)}): '
            'the columns of labels seem exchanged.',
            'compare the columns of the label files of training and '
            'validation',
        )


def _compare_classes(
    scores: np.ndarray, positive: np.ndarray
) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rank each class by its own scores and by the best of others."""
    table = np.array(
        [
            [roc_auc_of_class(column, column[rows]) for column in scores.T]
            for rows in positive.T
        ]
    )
    own = table.diagonal().copy()
    np.fill_diagonal(table, -1)
    return own, table.max(1), table.argmax(1)


def by_heart(evidence: Evidence) -> Iterator[Finding]:
    """A model that knows its training images and hardly any other."""
    run = evidence.kept
    if evidence.judged == 'train' or run is None:
        return
    other = evidence.measure(evidence.judged, run)
    if other is None or other.is_reversed:
        return
    if not (other.is_chance or other.auc.high < WEAK):
        return
    seen = evidence.auc_of('train', run)
    if seen >= BY_HEART:
        yield Finding(
            'by_heart',
            BROKEN,
            f'{WORDS[run].capitalize()} has learnt the training labels by '
            f'heart (AUC {seen:.2f}) and knows next to nothing of '
            f'{evidence.judged} (AUC {other.auc.value:.2f}).',
            'check that the labels belong to the images, then label more',
        )


def _runs(evidence: Evidence) -> Iterator[Tuple[str, str]]:
    for split, part in evidence.facts.splits.items():
        for run in part.scores:
            yield run, split


def _if_kept(evidence: Evidence, run: str) -> str:
    """Break the verdict where this model is what was kept."""
    return BROKEN if evidence.kept in (None, run) else DOUBT


def _write(measure: Measure) -> str:
    return f'{measure.name} {percent(measure.spread.value)}'


MODEL_RULES = (
    not_finite,
    collapsed,
    exchanged,
    chance,
    by_heart,
)
