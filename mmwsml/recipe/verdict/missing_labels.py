"""How many labels are missing, which are the surest, and where to stop."""

from typing import NamedTuple, Optional, Tuple

import numpy as np

from mmwsml.evaluation.class_frequency import estimate_frequencies

from .evidence import Evidence
from .facts import SplitFacts
from .finding import percent
from .label_chances import (
    EPSILON,
    agree,
    fit_slope,
    meet_number,
    to_logits,
)

#: Images with complete labels from which positives are counted: with 20 a
#: share of one half is known to a fifth.
ENOUGH = 20
DRAWS = 200
#: A list ends where the next label is as likely missing as not: whoever goes
#: on confirms fewer than every second one.
EVEN = 0.5
#: Answers from which a person sees how right a list is, to a fifth.
TELLING = 20


class MissingLabels(NamedTuple):
    """Labels of training that are probably present and not known so."""

    #: How many there are, and the interval of 95 %.
    number: float
    interval: Tuple[float, float]
    #: Row and class of every unknown label, the surest first, int64 ``(M,)``.
    rows: np.ndarray
    classes: np.ndarray
    #: Chances that they are present, descending, ``(M,)``.
    chances: np.ndarray
    #: Whether nothing is known to be absent where chances are learned: then
    #: they rank the labels, but come out too high, by up to 60 points.
    only_ranks: bool = False

    @property
    def stop(self) -> int:
        """How many of the first are more likely present than not."""
        return int((self.chances >= EVEN).sum())

    def right(self, number: int) -> float:
        """Share of the first labels that is expected to be present."""
        return float(self.chances[:number].mean()) if number else 0.0

    def tell_right(self, number: int) -> str:
        """Say so, or what would tell."""
        if self.only_ranks:
            return (
                'how many lines of the list are right cannot be told, since '
                'no validation label is known to be absent: answer '
                f'{TELLING} of them to see'
            )
        share = percent(self.right(number))
        return f'about {share} of the first {number:,} are right'


def find_missing(evidence: Evidence) -> Optional[MissingLabels]:
    """Rank the unknown labels of training, and say how many are present.

    The positives of each class are counted in validation images with complete
    labels, or estimated from the scores of those that are known
    (:func:`estimate_frequencies`). Chances follow the scores of the kept
    model, stretched as those of the other split ask for, with the bias of
    each class at which they add up to the positives that it lacks.

    Args:
        evidence (Evidence): Of a fit.

    Returns:
        MissingLabels | None: None where every label is known, or no other
        split or score is there to tell.
    """
    train, run = evidence.train, evidence.kept
    other = evidence.facts.splits.get(evidence.judged)
    scores = train.scores.get(run)
    if other is None or other is train or train.observed.all():
        return None
    if scores is None or not np.isfinite(scores).all():
        return None
    found = _count(train, other, run)
    if found is None:
        return None
    hidden, interval = found
    hidden = np.minimum(hidden, train.unknown.sum(0))
    logits = _stretch(other, run) * to_logits(scores)
    chances = meet_number(logits, train.unknown, hidden)
    flat = np.flatnonzero(train.unknown)
    values = chances.ravel()[flat]
    order = np.argsort(-values, kind='stable')
    rows, classes = np.divmod(flat[order], scores.shape[1])
    number = float(hidden.sum())
    low, high = min(interval[0], number), max(interval[1], number)
    only_ranks = not (other.observed & ~other.positive).any()
    return MissingLabels(
        number, (low, high), rows, classes, values[order], only_ranks
    )


def _count(
    train: SplitFacts, other: SplitFacts, run: str
) -> Optional[Tuple[np.ndarray, Tuple[float, float]]]:
    """Estimate hidden positives of each class, and the interval of all."""
    given, num = train.positive.sum(0), len(train.positive)
    complete = other.observed.all(1)
    if complete.sum() >= ENOUGH:
        rows = other.positive[complete].astype(float)
        rng = np.random.default_rng(0)
        shares = np.full(len(rows), 1 / len(rows))
        weights = rng.multinomial(len(rows), shares, DRAWS) / len(rows)
        totals = (num * (weights @ rows) - given).sum(1)
        hidden = agree(given, rows.sum(0), num / len(rows)) - given
        hidden = _share_out(hidden, num * rows.mean(0).sum() - given.sum())
        return hidden, _ends(np.percentile(totals, (2.5, 97.5)))
    scores = other.scores.get(run)
    seen = other.positive.sum(0)
    if scores is None or not seen.any():
        return None
    negative = other.observed & ~other.positive
    found = estimate_frequencies(scores, other.positive, negative)
    factor = np.nan_to_num(found.number / np.maximum(seen, 1), nan=1.0)
    ends = np.array(found.total_interval) / seen.sum() - 1
    hidden = given * (factor - 1)
    hidden = _share_out(hidden, hidden.sum())
    return hidden, _ends(ends * given.sum())


def _stretch(other: SplitFacts, run: str) -> float:
    scores = other.scores.get(run)
    if scores is None or not np.isfinite(scores).all():
        return 1.0
    return fit_slope(to_logits(scores), other.positive, other.observed)


def _share_out(hidden: np.ndarray, total: float) -> np.ndarray:
    """Let no class lack fewer than none, and meet the sum."""
    positive = np.maximum(hidden, 0)
    return positive * max(total, 0) / max(positive.sum(), EPSILON)


def _ends(values: np.ndarray) -> Tuple[float, float]:
    low, high = np.maximum(values, 0)
    return float(low), float(high)
