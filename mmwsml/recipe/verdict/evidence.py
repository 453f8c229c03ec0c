"""What can be measured on the facts; each measurement is made once."""

from functools import cached_property
from typing import Dict, List, NamedTuple, Optional

import numpy as np

from mmwsml.evaluation.functional import average_precision_of_class
from mmwsml.evaluation.positive_unlabeled import roc_auc_of_class

from ..fitted_folder import HEAD, NETWORK
from .agreement import Agreement
from .facts import RUNS, Facts, SplitFacts
from .features import left_out_auc
from .likeness import Likeness, spaced_rows, usable
from .statistics import (
    COMPARED,
    Spread,
    by_class,
    spread,
)

#: Positives, and others, with which a class is measured at all: the average
#: precision of two is one of a few numbers.
FEW = 3
#: An AUC below which scores are upside down: classes of one model are right
#: or wrong together, so that chance has more room than its interval says.
REVERSED = 0.45


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
        return self.auc.high < REVERSED


class Evidence:
    """Measurements on facts.

    Args:
        facts (Facts): What the folder holds.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._measures: Dict[tuple, Optional[Measure]] = {}
        self._links: Dict[str, Optional[Spread]] = {}

    @property
    def train(self) -> SplitFacts:
        """The training split, which there always is."""
        return self.facts.splits['train']

    @property
    def judged(self) -> str:
        """The split whose numbers come first."""
        splits = self.facts.splits
        return next((x for x in ('val', 'test') if x in splits), 'train')

    @property
    def held_out(self) -> List[str]:
        """The split whose numbers come first, and the test."""
        both = [self.judged, *(x for x in self.facts.splits if x == 'test')]
        return list(dict.fromkeys(both))

    @cached_property
    def kept(self) -> str:
        """The run whose model was kept: as was said, else the better one.

        '' where no run has scores.
        """
        if self.facts.kept is not None:
            return self.facts.kept
        found = {run: self.measure(self.judged, run) for run in RUNS}
        there = {k: v.spread.value for k, v in found.items() if v}
        return max(there, key=lambda k: there[k]) if there else ''

    def measure(self, split: str, run: str) -> Optional[Measure]:
        """Measure a run on a split; None where it has no finite scores."""
        key = split, run
        if key not in self._measures:
            part = self.facts.splits.get(split)
            scores = part.scores.get(run) if part else None
            self._measures[key] = None
            if part and scores is not None and np.isfinite(scores).all():
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

    def auc_of(self, split: str, run: str) -> float:
        """Rank positives of a split against all else; NaN without scores."""
        part = self.facts.splits[split]
        scores = part.scores.get(run)
        if scores is None or not np.isfinite(scores).all():
            return np.nan
        everything = np.ones_like(part.observed)
        found = by_class(roc_auc_of_class, scores, part.positive, everything)
        return float(np.mean(found[~np.isnan(found)]))

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

    def is_small(self, split: str) -> bool:
        """Whether most classes cannot be measured."""
        return bool(self.judgeable(split).mean() < 0.5)

    @cached_property
    def gain(self) -> Optional[Spread]:
        """How much better the network is than the head, on one measure."""
        head, network = (
            self.measure(self.judged, run) for run in (HEAD, NETWORK)
        )
        if head is None or network is None:
            return None
        drawn = network.spread.drawn - head.spread.drawn
        value = network.spread.value - head.spread.value
        return Spread(value, float(np.std(drawn)), 0.0, 0.0, drawn)

    @cached_property
    def likeness(self) -> Likeness:
        """Distances between images."""
        return Likeness(self.facts.splits)

    @cached_property
    def agreement(self) -> Agreement:
        """What one split teaches of another."""
        return Agreement(self.facts.splits)

    def alignment(self, split: str) -> Optional[Spread]:
        """How well labels of a split follow from features of other images."""
        if split not in self._links:
            part = self.facts.splits[split]
            features, self._links[split] = usable(part), None
            if features is not None:
                rows = spaced_rows(len(features), COMPARED)
                self._links[split] = left_out_auc(
                    features[rows], part.positive[rows]
                )
        return self._links[split]
