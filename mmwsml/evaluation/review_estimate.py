"""What complete labels would say, from answers to some of them."""

from typing import Dict, NamedTuple, Optional, Tuple

import numpy as np

from mmwsml.evaluation.functional import average_precision_of_class
from mmwsml.evaluation.review_correction import Answered, correct_map
from mmwsml.evaluation.sampled_review import Labels

NUM_DRAWS = 300
#: Answers that "classes of one chance are alike" counts as.
ALIKE = 5
#: Newton's steps to the mean of a stratum.
NUM_STEPS = 3


class Estimate(NamedTuple):
    """A number, and an interval of 95 %."""

    value: float
    low: float
    high: float


def estimate(
    labels: Labels,
    chances: np.ndarray,
    strata: np.ndarray,
    places: np.ndarray,
    answers: np.ndarray,
    num_draws: int = NUM_DRAWS,
    seed: int = 0,
) -> Dict[str, Estimate]:
    """Estimate what complete labels would say, from answers.

    The share of positives of a stratum has a beta distribution, of its
    answers and one more that the guess stands for. What nobody has answered is
    drawn from it, within a stratum by the odds of the guess, and measured as
    complete labels are: many times (multiple imputation). The mAP is corrected
    by how far answers are from the guess, see :func:`correct_map`.

    Args:
        labels (Labels): Scores and labels; answers are unknown there.
        chances (ndarray): From :func:`guess_chances`.
        strata (ndarray): From :func:`stratify`.
        places (ndarray): Of the answers, in the flattened ``(N, K)``.
        answers (ndarray): Whether each label is present, bool.
        num_draws (int): How often all is drawn. Defaults to 300.
        seed (int): Of the draws.

    Returns:
        dict[str, Estimate]: ``mAP``, micro ``precision`` and ``recall`` at
        the thresholds, in [0, 1], and ``missing``, the number of positives
        among unknown labels.
    """
    drawn = _Drawn(chances, strata, places, answers)
    rng = np.random.default_rng(seed)
    target = labels.positive.copy()
    found, share = [], np.zeros(target.shape)
    for _ in range(num_draws):
        drawn.fill(target, rng)
        found.append(measure_labels(labels, target))
        share += target / num_draws
    table = np.array(found)
    errors = rng.standard_normal(num_draws)
    table[:, 0] += correct_map(labels.scores, share, drawn.compare(), errors)
    table[:, 0] = table[:, 0].clip(0, 1)
    ends = np.percentile(table, (50, 2.5, 97.5), axis=0).T
    names = 'mAP', 'precision', 'recall', 'missing'
    return {n: Estimate(*map(float, e)) for n, e in zip(names, ends)}


class _Drawn:
    """Draws what nobody has answered; arguments as of :func:`estimate`."""

    def __init__(
        self,
        chances: np.ndarray,
        strata: np.ndarray,
        places: np.ndarray,
        answers: np.ndarray,
    ) -> None:
        self.places, self.answers = places, answers
        self.unknown = np.flatnonzero(strata.ravel() >= 0)
        self.of = strata.ravel()[self.unknown]
        self.row = np.searchsorted(self.unknown, places)
        guess = chances.ravel()[self.unknown]
        self.number = np.bincount(self.of)
        guessed = np.bincount(self.of, guess) / self.number
        #: Within a stratum labels are likely in proportion to the guess.
        self.slope = guess / np.maximum(guessed, 1e-12)[self.of]
        told, size = self.of[self.row], len(self.number)
        self.asked = np.bincount(told, minlength=size)
        hits = np.bincount(told, answers, size)
        self.share = (hits + guessed.clip(0.02, 0.98)) / (self.asked + 1)
        self._compare_classes(strata.shape[1])

    def _compare_classes(self, num_classes: int) -> None:
        """Count the positives of each class, found and to be expected."""
        self.of_class = self.unknown % num_classes
        chance = self.share[self.of] * self.slope
        chance = chance[self.row].clip(max=1)
        of_class = self.places % num_classes
        self.expected = np.bincount(of_class, chance, num_classes)
        self.seen = np.bincount(of_class, self.answers, num_classes)

    def fill(self, target: np.ndarray, rng: np.random.Generator) -> None:
        """Draw all unknown labels anew, into ``target``."""
        # As wide as the variance of a sample is, whose own spread is short
        # of that of its stratum by one answer.
        worth = np.maximum(self.asked - 2, 1)
        share = rng.beta(worth * self.share, worth * (1 - self.share))
        # A class may have more or fewer positives than others of its strata.
        factor = rng.gamma(ALIKE + self.seen) / (ALIKE + self.expected)
        chance = self._stretch(share, self.slope * factor[self.of_class])
        flat = target.ravel()
        flat[self.unknown] = rng.random(len(self.of)) < chance
        flat[self.places] = self.answers

    def _stretch(self, share: np.ndarray, odds: np.ndarray) -> np.ndarray:
        """Spread the share of each stratum over its labels, by their odds.

        The mean of a stratum stays its share.
        """
        odds = np.maximum(odds, 1e-9)
        odds /= (np.bincount(self.of, odds) / self.number)[self.of]
        share = share.clip(1e-9, 1 - 1e-9)
        scale = share / (1 - share)
        for _ in range(NUM_STEPS):
            chance = odds * scale[self.of]
            chance /= 1 + chance
            mean, spread = (
                np.bincount(self.of, x) / self.number
                for x in (chance, chance * (1 - chance))
            )
            step = (share - mean) / np.maximum(spread, 1e-9)
            scale *= np.exp(step.clip(-2, 2))
        chance = odds * scale[self.of]
        return chance / (1 + chance)

    def compare(self) -> Answered:
        """Compare answers with what the others make likely."""
        factor = (ALIKE + self.seen) / (ALIKE + self.expected)
        chance = self.share[self.of] * self.slope * factor[self.of_class]
        weight = self.number / np.maximum(self.asked, 1) - 1
        return Answered(
            self.places,
            self.answers,
            chance[self.row].clip(0, 1),
            weight[self.of[self.row]],
        )


def measure_labels(labels: Labels, target: np.ndarray) -> Tuple[float, ...]:
    """Measure the scores against a label matrix.

    Args:
        labels (Labels): Scores, and what was unknown.
        target (ndarray): Whether each class is present, bool ``(N, K)``.

    Returns:
        tuple[float, ...]: mAP of the classes that are in some image, micro
        precision and recall, and positives among unknown labels.
    """
    precisions = [
        average_precision_of_class(column, column[present])
        for column, present in zip(labels.scores.T, target.T)
        if present.any()
    ]
    right = int((target & labels.predicted).sum())
    return (
        float(np.nanmean(precisions)) if precisions else 0.0,
        right / max(int(labels.predicted.sum()), 1),
        right / max(int(target.sum()), 1),
        int((target & labels.unknown).sum()),
    )


def answers_for(
    estimates: Dict[str, Estimate], num_answers: int, width: float = 0.2
) -> Optional[int]:
    """Say how many answers narrow all shares; None if they are narrow.

    Args:
        estimates (dict): From :func:`estimate`.
        num_answers (int): What they are made of.
        width (float): Of an interval that still says something.
    """
    widest = max(
        e.high - e.low for name, e in estimates.items() if name != 'missing'
    )
    if widest <= width:
        return None
    return int(np.ceil(num_answers * (widest / width) ** 2))
