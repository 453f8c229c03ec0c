"""The labels observed of a set of images, in memory."""

from array import array
from typing import Iterable, Iterator, List, NamedTuple, Optional, Tuple

import numpy as np

from mmwsml.structures import hash64
from mmwsml.structures.text_array import TextArray


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

    4 bytes a label (8 with scores), 32 and the ``sample_id`` an image: cheap
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
            ids.append(image.sample_id)
            labels.extend(image.positives)
            labels.extend(image.negatives)
            scores.extend(image.scores or ())
            num_positives.append(len(image.positives))
            ends.append(len(labels))
        # In one array of NumPy's the longest text would set the room of all.
        self._ids = TextArray.collect(ids)
        keys = np.array([hash64(sample_id) for sample_id in ids], np.int64)
        self._order = np.argsort(keys, kind='stable').astype(np.int32)
        self._keys = keys[self._order]
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
        for place in np.flatnonzero(self._keys[1:] == self._keys[:-1]):
            rows = self._order[place : place + 2]
            first, second = map(self._ids.of, rows.tolist())
            if first == second:
                raise ValueError(
                    f'{first:.200} is there twice: merge its labels '
                    'into one entry.'
                )

    @property
    def scored(self) -> bool:
        """Whether the labels are guesses with a score, not observations."""
        return self._scores is not None

    def __len__(self) -> int:
        """Count the images."""
        return len(self._keys)

    def __iter__(self) -> Iterator[Observation]:
        """Yield the images in the order in which they came."""
        for row, sample_id in enumerate(self._ids.all()):
            yield Observation(sample_id, *self._row(row))

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
        positives, negatives, scores = self._row(self._find(sample_id))
        if min_score is None or scores is None:
            return positives, negatives
        kept = [score >= min_score for score in scores]
        return (
            [label for label, keep in zip(positives, kept) if keep],
            [n for n, keep in zip(negatives, kept[len(positives) :]) if keep],
        )

    def _find(self, sample_id: str) -> int:
        key = hash64(sample_id)
        place = int(np.searchsorted(self._keys, key))
        while place < len(self) and self._keys[place] == key:
            row = int(self._order[place])
            if self._ids.of(row) == sample_id:
                return row
            place += 1  # two texts of one hash
        raise KeyError(sample_id)

    def _row(
        self, row: int
    ) -> Tuple[List[int], List[int], Optional[List[float]]]:
        start, end = self._ends[row], self._ends[row + 1]
        middle = start + self._num_positives[row]
        scores = self._scores
        return (
            self._labels[start:middle].tolist(),
            self._labels[middle:end].tolist(),
            None if scores is None else scores[start:end].tolist(),
        )
