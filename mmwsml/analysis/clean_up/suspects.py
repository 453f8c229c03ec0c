"""Unobserved labels that are probably positive, the surest first."""

import math
from typing import List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from mmwsml.records import Records
from mmwsml.records.recorded_images import HIDDEN, REST
from mmwsml.structures.checks import check_number

from .alike_images import AlikeImages
from .loss_history import LossHistory
from .top_entries import TopEntries

#: Images that all others are compared with. Rows follow a hash, so that the
#: first ones are a draw.
COMPARED = 2**14
CHUNK = 2**20  # entries that are scored at once
ALIKE_WEIGHT = 0.5


class Suspect(NamedTuple):
    """An unobserved label that is probably positive."""

    sample_id: str
    label: int
    #: Log-odds of being positive as the losses have it; no probability.
    score: float
    #: Mean loss as a negative in the epochs that count.
    mean_loss: float
    #: Epochs that count, of all runs, and how many of them alone would list
    #: the label.
    num_epochs: int
    num_agree: int
    #: Loss in each epoch that is recorded, averaged over the runs; NaN where
    #: none showed the image.
    losses: Tuple[float, ...]
    #: Whether the label is truly positive; None where nobody knows.
    right: Optional[bool]


def rank_suspects(
    runs: Sequence[Records],
    num: int = 1000,
    quota: float = 2,
    per_class: Optional[int] = None,
    num_alike: int = 30,
    epochs: Optional[Tuple[int, int]] = None,
) -> List[Suspect]:
    """Rank the unobserved labels of a training set by their losses.

    A label that is taken as negative and keeps a large loss is probably a
    missing positive. Its mean loss over the epochs stands for a score, of
    which the log-odds of all runs are averaged; half the average of the most
    similar images is added (:class:`AlikeImages`). The truth, where it is
    known, is not looked at.

    Memory does not grow with the number of images, but for 4 bytes times K
    of 16,384 of them and of what the list may hold.

    Args:
        runs (Sequence[Records]): With ``keep='losses'``, of one training set:
            other seeds or other methods. At least one.
        num (int): Lines of the list, at least 1. Defaults to 1000.
        quota (float): How much of the list a class may take, in its share of
            the observed positives (:func:`class_limits`). Defaults to 2.
        per_class (int, optional): Lines that no class may exceed. Defaults to
            None.
        num_alike (int): Similar images that are averaged; 0: none. Defaults
            to 30.
        epochs (tuple[int, int], optional): The first and the last that count.
            Defaults to None, from the second to the last.

    Returns:
        list[Suspect]: In descending order of the score; shorter than ``num``
        where there are not as many unobserved labels, or the quotas leave no
        more.

    Raises:
        ValueError: If an option is too small, or the runs hold no losses or
            differ in classes, images or labels.
    """
    if not runs:
        raise ValueError('`runs` is empty: name at least one run.')
    check_number('num_alike', num_alike, 0)
    history = LossHistory(runs, epochs)
    images = history.images
    observed = np.bincount(
        images.positives.classes, minlength=images.num_classes
    )
    limits = class_limits(observed, num, quota, per_class)
    top = _score_all(history, limits, num_alike).best(num)
    return _describe(history, runs[0], top, limits)


def _score_all(
    history: LossHistory, limits: np.ndarray, num_alike: int
) -> TopEntries:
    """Score all unobserved entries, and keep the best of each class."""
    images, top = history.images, TopEntries(limits)
    alike = None
    if num_alike:
        alike = AlikeImages(history.odds(slice(COMPARED)), num_alike)
    step = max(1, CHUNK // images.num_classes)
    for first in range(0, len(images), step):
        rows = np.arange(first, min(first + step, len(images)))
        scores = history.odds(slice(first, first + step))
        if alike is not None:
            others = np.nan_to_num(alike.average(scores, first))
            scores = scores + ALIKE_WEIGHT * others
        scores[images.kinds_of(rows) < REST] = np.nan
        top.add(scores, first)
    return top


def _describe(
    history: LossHistory, run: Records, top: np.ndarray, limits: np.ndarray
) -> List[Suspect]:
    """Add to each entry what a person wants to know of it."""
    where = top['row'], top['class']
    right = np.full(len(top), None)
    if run.truth is not None:
        right = run.images.kinds_at(*where) == HIDDEN
    columns = zip(
        top.tolist(),
        history.means(*where).tolist(),
        history.agreement(*where, limits).tolist(),
        history.curves(*where).tolist(),
        right.tolist(),
    )
    num_epochs = len(history.all_chosen)
    return [
        Suspect(
            run.images.sample_ids.of(row),
            label,
            score,
            mean,
            num_epochs,
            num_agree,
            tuple(losses),
            is_right,
        )
        for (score, row, label), mean, num_agree, losses, is_right in columns
    ]


def class_limits(
    observed: np.ndarray,
    num: int,
    quota: float = 2,
    per_class: Optional[int] = None,
) -> np.ndarray:
    """Bound the lines of each class.

    Where labels are hidden by chance, as many are hidden of a class as are
    observed of it, up to one factor for all classes. So a class's share of
    the observed positives is what it may expect of the list; it may take
    ``quota`` times as much, and one line at least.

    Args:
        observed (ndarray): Observed positives of each class, integer
            ``(K,)``.
        num (int): Lines of the list, at least 1.
        quota (float): Above 0; infinity: no bound. Defaults to 2.
        per_class (int, optional): Lines that no class may exceed, at least 1.
            Defaults to None.

    Returns:
        ndarray: int64 ``(K,)``, from 1 to ``num``.

    Raises:
        ValueError: If a number is too small.
    """
    check_number('num', num, 1)
    if not quota > 0:
        raise ValueError(
            f'`quota` must be above 0, but got {quota}: 1 lets a class take '
            'its share of the observed positives, inf all of the list.'
        )
    if per_class is not None:
        check_number('per_class', per_class, 1)
    limits = np.full(len(observed), num, np.int64)
    if math.isfinite(quota) and observed.sum():
        share = observed / observed.sum()
        limits = np.ceil(quota * num * share).clip(1, num).astype(np.int64)
    return limits if per_class is None else limits.clip(max=per_class)
