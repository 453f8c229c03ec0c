"""The labels observed of a set of images, in memory."""

from array import array
from typing import Iterable, Iterator, List, NamedTuple, Optional, Tuple

import numpy as np


class Observation(NamedTuple):
    """What is known of one image."""

    sample_id: str
    #: Classes known to be present and to be absent.
    positives: List[int]
    negatives: List[int]
    #: Confidence in each label, positives first, in [0, 1]; None: certain.
    scores: Optional[List[float]] = None


class ObservedLabels:
    """The observed labels of a set of images, in flat arrays.

    4 bytes a label (8 with scores), 16 and the ``sample_id`` an image: cheap
    to send to a worker.

    Args:
        classes (Sequence[str]): Names of the K classes.
        observations (Iterable[Observation]): The images, in any order.
        made (dict): How the labels came about, free JSON. Defaults to None,
            nothing.

    Raises:
        ValueError: If an image is there twice, or some labels have scores
            and others none.
    """

    def __init__(
        self,
        classes: Iterable[str],
        observations: Iterable[Observation],
        made: Optional[dict] = None,
    ) -> None:
        self.classes = list(classes)
        self.made = dict(made or {})
        ids, ends = [], array('q', [0])
        labels, num_positives = array('i'), array('i')
        scores = array('f')
        for image in observations:
            ids.append(image.sample_id.encode())
            labels.extend(image.positives)
            labels.extend(image.negatives)
            scores.extend(image.scores or ())
            num_positives.append(len(image.positives))
            ends.append(len(labels))
        self._ids = np.array(ids, dtype=bytes)
        self._order = np.argsort(self._ids, kind='stable')
        self._sorted_ids = self._ids[self._order]
        self._ends = np.array(ends)
        self._labels = np.array(labels)
        self._num_positives = np.array(num_positives)
        self._scores = np.array(scores) if len(scores) else None
        self._check(len(scores))

    def _check(self, num_scores: int) -> None:
        if num_scores not in (0, len(self._labels)):
            raise ValueError(
                f'{num_scores} of {len(self._labels)} labels have a score: '
                'give one to all of them or to none.'
            )
        twice = np.flatnonzero(self._sorted_ids[1:] == self._sorted_ids[:-1])
        if len(twice):
            raise ValueError(
                f'{self._sorted_ids[twice[0]].decode()} is there twice: merge '
                'its labels into one entry.'
            )

    @property
    def scored(self) -> bool:
        """Whether the labels are guesses with a score, not observations."""
        return self._scores is not None

    def __len__(self) -> int:
        """Count the images."""
        return len(self._ids)

    def __iter__(self) -> Iterator[Observation]:
        """Yield the images in the order in which they came."""
        for row, sample_id in enumerate(self._ids):
            yield Observation(sample_id.decode(), *self._row(row))

    def of(
        self, sample_id: str, min_score: Optional[float] = None
    ) -> Tuple[List[int], List[int]]:
        """Look an image up.

        Args:
            sample_id (str): The image.
            min_score (float, optional): Labels of a lower score are left
                out. Defaults to None, all are returned.

        Returns:
            tuple[list[int], list[int]]: Known positives and negatives.

        Raises:
            KeyError: If the image is not there.
        """
        key = sample_id.encode()
        place = np.searchsorted(self._sorted_ids, key)
        if place == len(self) or self._sorted_ids[place] != key:
            raise KeyError(sample_id)
        positives, negatives, scores = self._row(self._order[place])
        if min_score is None or scores is None:
            return positives, negatives
        kept = [score >= min_score for score in scores]
        return (
            [label for label, keep in zip(positives, kept) if keep],
            [n for n, keep in zip(negatives, kept[len(positives) :]) if keep],
        )

    def _row(
        self, row: int
    ) -> Tuple[List[int], List[int], Optional[List[float]]]:
        start, end = self._ends[row], self._ends[row + 1]
        middle = start + self._num_positives[row]
        scores = self._scores[start:end].tolist() if self.scored else None
        return (
            self._labels[start:middle].tolist(),
            self._labels[middle:end].tolist(),
            scores,
        )
