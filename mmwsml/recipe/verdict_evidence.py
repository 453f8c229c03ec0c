"""What can be measured on the facts; each measurement is made once."""

from functools import cached_property
from typing import Dict, NamedTuple, Optional

import numpy as np

from mmwsml.evaluation.functional import average_precision_of_class
from mmwsml.evaluation.positive_unlabeled import roc_auc_of_class

from .fitted_folder import HEAD, NETWORK
from .verdict_facts import RUNS, Facts, SplitFacts
from .verdict_statistics import (
    COMPARED,
    Spread,
    left_out_auc,
    nearest,
    spread,
)

#: Positives, and others, with which a class is measured at all: the average
#: precision of two is one of a few numbers.
FEW = 3
#: Training images that validation images are compared with.
SEARCHED = 5000


class Measure(NamedTuple):
    """How good a model is on a split."""

    #: 'mAP', or 'pu_AUC' where too few labels are known to be absent.
    name: str
    #: Of ``name``, in [0, 1].
    spread: Spread
    #: The area under the ROC curve, in [0, 1]: 0.5 by chance.
    auc: Spread

    @property
    def is_chance(self) -> bool:
        """Whether images that swap their scores do as well."""
        return not self.auc.value > self.auc.chance_high

    @property
    def is_reversed(self) -> bool:
        """Whether positives rank below others."""
        return self.auc.high < 0.5


class Evidence:
    """Measurements on facts.

    Args:
        facts (Facts): What the folder holds.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._measures: Dict[tuple, Optional[Measure]] = {}

    @property
    def train(self) -> SplitFacts:
        """The training split, which there always is."""
        return self.facts.splits['train']

    @property
    def judged(self) -> str:
        """The split whose numbers come first."""
        splits = self.facts.splits
        return next((x for x in ('val', 'test') if x in splits), 'train')

    @cached_property
    def kept(self) -> Optional[str]:
        """The run whose model was kept: as was said, else the better one."""
        if self.facts.kept is not None:
            return self.facts.kept
        found = {run: self.measure(self.judged, run) for run in RUNS}
        there = {k: v.spread.value for k, v in found.items() if v}
        return max(there, key=lambda k: there[k]) if there else None

    def measure(self, split: str, run: Optional[str]) -> Optional[Measure]:
        """Measure a run on a split; None where it has no finite scores."""
        key = split, run
        if key not in self._measures:
            part = self.facts.splits.get(split)
            scores = part.scores.get(run or '') if part else None
            self._measures[key] = None
            if scores is not None and np.isfinite(scores).all():
                self._measures[key] = self._measure(part, scores)
        return self._measures[key]

    def _measure(self, part: SplitFacts, scores: np.ndarray) -> Measure:
        arguments = scores, part.positive
        if self.has_both_kinds(part):
            auc = spread(roc_auc_of_class, *arguments, part.observed)
            precision = spread(
                average_precision_of_class, *arguments, part.observed
            )
            return Measure('mAP', precision, auc)
        everything = np.ones_like(part.observed)
        auc = spread(roc_auc_of_class, *arguments, everything)
        return Measure('pu_AUC', auc, auc)

    def has_both_kinds(self, part: SplitFacts) -> bool:
        """Whether most classes that were seen are known to be absent too."""
        seen = part.positive.any(0)
        negatives = (part.observed & ~part.positive).sum(0)
        return bool(seen.any() and (negatives[seen] >= FEW).mean() >= 0.5)

    def judgeable(self, split: str) -> np.ndarray:
        """Mark classes with enough labels to be measured, bool ``(K,)``."""
        part = self.facts.splits[split]
        positives = part.positive.sum(0)
        others = (part.observed & ~part.positive).sum(0)
        if not self.has_both_kinds(part):
            others = len(part.positive) - positives
        return (positives >= FEW) & (others >= FEW)

    @cached_property
    def gain(self) -> Optional[Spread]:
        """How much better the network is than the head, on one measure."""
        both = [self.measure(self.judged, run) for run in (HEAD, NETWORK)]
        if both[0] is None or both[1] is None:
            return None
        head, network = (measure.spread for measure in both)
        drawn = network.drawn - head.drawn
        value = network.value - head.value
        return Spread(value, float(np.std(drawn)), 0.0, 0.0, drawn)

    def alignment(self, split: str) -> Optional[Spread]:
        """How well labels of a split follow from features of other images."""
        part = self.facts.splits[split]
        if not usable(part.features):
            return None
        rows = spaced_rows(len(part.positive), COMPARED)
        return left_out_auc(part.features[rows], part.positive[rows])

    @cached_property
    def shift(self) -> Optional[Spread]:
        """How well validation is told from training, by features alone."""
        parts = [self.facts.splits.get(x) for x in ('train', 'val')]
        if not all(part and usable(part.features) for part in parts):
            return None
        picked = []
        for part in parts:
            rows = spaced_rows(len(part.features), COMPARED // 2)
            picked.append(part.features[rows])
        sides = np.repeat([False, True], [len(x) for x in picked])
        return left_out_auc(np.concatenate(picked), sides[:, None])

    @cached_property
    def own_distances(self) -> Optional[np.ndarray]:
        """Of training images to the nearest other one."""
        features = self.train.features
        if not usable(features):
            return None
        others = spaced_rows(len(features), SEARCHED)
        places = spaced_rows(len(others), COMPARED // 2)
        others = features[others]
        return nearest(others[places], others, places)

    def distances(self, split: str) -> Optional[np.ndarray]:
        """Of images of a split to the nearest of training."""
        part, train = self.facts.splits.get(split), self.train.features
        if part is None or not (usable(part.features) and usable(train)):
            return None
        rows = spaced_rows(len(part.features), COMPARED // 2)
        others = spaced_rows(len(train), SEARCHED)
        return nearest(part.features[rows], train[others])


def usable(features: Optional[np.ndarray]) -> bool:
    """Whether there are finite features of some images."""
    return (
        features is not None
        and len(features) > 1
        and bool(np.isfinite(features).all())
    )


def spaced_rows(number: int, most: int) -> np.ndarray:
    """Take some of the rows, evenly spaced."""
    return np.linspace(0, number - 1, min(number, most)).astype(int)
