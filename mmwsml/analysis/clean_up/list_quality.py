"""How many lines of a list are right, where the truth is known."""

from typing import NamedTuple, Sequence

import numpy as np

from mmwsml.records import Records
from mmwsml.records.recorded_images import HIDDEN, REST

from .suspects import Suspect


class ListQuality(NamedTuple):
    """Of a list; shares are from 0 to 1."""

    #: Share of hidden positives among the first n lines, float64 ``(N,)``.
    precision: np.ndarray
    #: That of lines that are drawn: the share of hidden positives among all
    #: unobserved labels.
    chance: float
    #: Hidden positives of the training set.
    num_hidden: int


def judge_list(run: Records, suspects: Sequence[Suspect]) -> ListQuality:
    """Compare a list with the truth.

    Args:
        run (Records): A run that the list was made from.
        suspects (Sequence[Suspect]): The N lines.

    Raises:
        ValueError: If nobody knows the truth.
    """
    if run.truth is None:
        raise ValueError(
            f'{run.run} does not know the true labels: a list can be judged '
            'only where a transform hides labels that the data set has.'
        )
    counts = next(iter(run.epochs.values())).counts.sum(1)
    right = np.cumsum([bool(suspect.right) for suspect in suspects])
    num_unobserved = counts[REST:].sum()
    return ListQuality(
        right / np.arange(1, len(suspects) + 1),
        float(counts[HIDDEN] / max(1, num_unobserved)),
        int(counts[HIDDEN]),
    )
