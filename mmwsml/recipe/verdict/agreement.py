"""How well what one split teaches holds on another."""

from typing import Dict, List, NamedTuple, Optional, Tuple

import numpy as np

from .facts import SplitFacts
from .features import RIDGE
from .likeness import spaced_rows, usable
from .statistics import COMPARED, MOST_CLASSES

#: Positives of a class with which it is compared.
SOME = 3
#: Draws of labels that are hidden.
HIDDEN = 10


class Link(NamedTuple):
    """A mean AUC over classes, and its standard error."""

    value: float
    error: float


class Agreement:
    """Regressions on the features of one split, asked about another.

    Unlike the model that was kept, none of them has seen two splits, so that
    labels or images of one that are not like those of the others show.

    Args:
        splits (dict[str, SplitFacts]): Those without features are left out.
    """

    def __init__(self, splits: Dict[str, SplitFacts]) -> None:
        self._parts: Dict[str, SplitFacts] = {}
        self._features: Dict[str, np.ndarray] = {}
        for name, part in splits.items():
            features = usable(part)
            if features is not None and len(features) >= 2 * SOME:
                self._parts[name], self._features[name] = part, features
        self._tables: Dict[tuple, np.ndarray] = {}
        self._scores: Dict[Tuple[str, str], np.ndarray] = {}
        count = sum(part.positive.sum(0) for part in splits.values())
        #: The most frequent classes, which are compared.
        self.classes = np.sort(np.argsort(-count)[:MOST_CLASSES])

    @property
    def names(self) -> List[str]:
        """Splits that have features."""
        return list(self._parts)

    def others(self, name: str) -> List[str]:
        """All splits but one."""
        return [other for other in self._parts if other != name]

    def marks(self, name: str) -> np.ndarray:
        """Positives of the compared images and classes, bool ``(N, K)``."""
        part = self._parts[name]
        return part.positive[self._rows(name)][:, self.classes]

    def scores(self, source: str, target: str) -> np.ndarray:
        """Score images of one split by what another teaches, ``(N, K)``."""
        key = source, target
        if key not in self._scores:
            rows = self._features[source][self._rows(source)].astype(float)
            mean = rows.mean(0)
            rows = rows - mean
            kernel = rows @ rows.T
            ridge = RIDGE * max(np.trace(kernel) / len(kernel), 1e-12)
            marks = self.marks(source).astype(float)
            weight = np.linalg.solve(
                kernel + ridge * np.eye(len(kernel)), marks - marks.mean(0)
            )
            asked = self._features[target][self._rows(target)] - mean
            self._scores[key] = asked @ rows.T @ weight
        return self._scores[key]

    def table(self, source: str, target: str) -> np.ndarray:
        """Rank each class of a split by the scores of each, AUC ``(K, K)``.

        NaN where one of the two has too few positives.
        """
        key = source, target
        if key not in self._tables:
            marks = self.marks(target)
            self._tables[key] = self._rank(source, target, marks)
        return self._tables[key]

    def _rank(self, source: str, target: str, marks: np.ndarray) -> np.ndarray:
        found = auc_table(self.scores(source, target), marks)
        few = marks.sum(0) < SOME, (~marks).sum(0) < SOME
        found[few[0] | few[1]] = np.nan
        found[:, self.marks(source).sum(0) < SOME] = np.nan
        return found

    def link(
        self, target: str, sources: List[str], like: Optional[str] = None
    ) -> Optional[Link]:
        """Measure how well labels of a split follow from what others teach.

        Args:
            target (str): The split that is asked.
            sources (list[str]): The splits that teach, each for itself.
            like (str, optional): A split; as many labels of an image are
                hidden as it hides. Defaults to None: none are.

        Returns:
            Link | None: None without a class that can be compared.
        """
        draws = [self.marks(target)]
        if like not in (None, target):
            draws = [self._hide(target, str(like), n) for n in range(HIDDEN)]
        found = np.array(
            [
                self._rank(source, target, marks).diagonal()
                for marks in draws
                for source in sources
            ]
        )
        kept = ~np.isnan(found).all(0)
        if not kept.any():
            return None
        marks = self.marks(target)
        aucs, count = np.nanmean(found[:, kept], 0), marks.sum(0)[kept]
        error = auc_error(aucs, count, len(marks) - count)
        weight = np.mean([np.sqrt(x.sum(0)) for x in draws], 0)[kept]
        weight = weight / weight.sum()
        error = np.sqrt(((weight * error) ** 2).sum())
        return Link(float((weight * aucs).sum()), float(error))

    def is_partial(self, name: str) -> bool:
        """Whether labels of a split are unknown."""
        return not self._parts[name].observed.all()

    def place(self, name: str, row: int) -> int:
        """Say which row of all a compared one is, from 1."""
        return int(self._rows(name)[row]) + 1

    def _rows(self, name: str) -> np.ndarray:
        return spaced_rows(len(self._features[name]), COMPARED)

    def _hide(self, name: str, like: str, seed: int) -> np.ndarray:
        """Keep as many positives of an image as another split knows."""
        marks = self.marks(name)
        rng = np.random.default_rng(seed)
        known = rng.choice(self.marks(like).sum(1), len(marks))
        place = np.where(marks, rng.random(marks.shape), 2).argsort(1)
        rank = place.argsort(1)
        return marks & (rank < known[:, None])


def auc_table(scores: np.ndarray, positive: np.ndarray) -> np.ndarray:
    """Rank positives of each class by the scores of each, ``(K, K)``.

    Args:
        scores (ndarray): Float ``(N, K)``, without ties.
        positive (ndarray): Bool ``(N, K)``.
    """
    ranks = scores.argsort(0).argsort(0).astype(float)
    count = positive.sum(0).astype(float)
    pairs = np.maximum(count * (len(positive) - count), 1)
    sums = positive.T.astype(float) @ ranks
    return (sums - (count * (count - 1) / 2)[:, None]) / pairs[:, None]


def auc_error(
    auc: np.ndarray, count: np.ndarray, rest: np.ndarray
) -> np.ndarray:
    """Give standard errors of AUCs (Hanley and McNeil, Radiology 1982).

    Args:
        auc (ndarray): In [0, 1].
        count (ndarray): Positives.
        rest (ndarray): Others.
    """
    one, other = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    found = auc * (1 - auc) + (count - 1) * (one - auc**2)
    found += (rest - 1) * (other - auc**2)
    return np.sqrt(np.maximum(found, 0) / np.maximum(count * rest, 1))
