"""Thresholds and calibration of classes of positives alone, estimated."""

from typing import List, NamedTuple, Sequence, Tuple

import numpy as np
from mmengine.logging import MMLogger

from mmwsml.evaluation.calibration import best_thresholds
from mmwsml.evaluation.class_frequency import estimate_frequencies
from mmwsml.evaluation.functional import positives_alone
from mmwsml.evaluation.partial_thresholds import (
    partial_f1,
    partial_thresholds,
)
from mmwsml.evaluation.predictions import Predictions


class PartialThresholds(NamedTuple):
    """What positives alone tell of K classes."""

    #: Float64 ``(K,)``; NaN where the class has negatives, or no positive.
    values: np.ndarray
    #: Of the images that show the class, NaN where it cannot be told.
    shares: np.ndarray


def find_thresholds(
    path: str, val: Predictions, default: float
) -> Tuple[np.ndarray, PartialThresholds]:
    """Find the threshold of each class, by what its labels can tell.

    Args:
        path (str): Of the result file, for messages.
        val (Predictions): What it holds.
        default (float): Threshold of a class of which nothing can be learnt.

    Returns:
        tuple[ndarray, PartialThresholds]: All of them, and those among them
        that positives alone tell.

    Raises:
        ValueError: If no class has a positive and an image without.
    """
    partial = find_partial(val)
    values = best_thresholds(val.scores, val.target, val.observed)
    values = np.where(np.isnan(values), partial.values, values)
    lacking = np.flatnonzero(np.isnan(values))
    if len(lacking) == len(values):
        raise ValueError(
            f'{path}: none of {len(values)} classes has an observed positive '
            f'in some of {len(val.scores)} images and not in others, so no '
            'threshold can be found; evaluate on images with labels, such as '
            'complete ones.'
        )
    if len(lacking):
        MMLogger.get_current_instance().warning(
            f'{len(lacking)} of {len(values)} classes have no observed '
            f'positive, or nothing else, in {path} and get the threshold '
            f'{default}: {list_some(val.classes, lacking)}.'
        )
    values[lacking] = default
    return values, partial


def list_some(classes: Sequence[str], indices: np.ndarray) -> str:
    """Name the first ten of these classes."""
    names = [classes[k] for k in indices[:10]]
    return ', '.join(names) + (', ...' if len(indices) > 10 else '')


def find_partial(part: Predictions) -> PartialThresholds:
    """Estimate the thresholds of classes of positives alone.

    Args:
        part (Predictions): Of the validation split.
    """
    number = len(part.classes)
    nothing = np.full(number, np.nan)
    if part.observed is None:
        return PartialThresholds(nothing, nothing)
    alone = positives_alone(part.target, part.observed)
    alone &= part.target.sum(0) < len(part.target)
    if not alone.any():
        return PartialThresholds(nothing, nothing)
    absent = part.observed & ~part.target
    found = estimate_frequencies(part.scores, part.target, absent, 2)
    shares = found.number / len(part.target)
    shares[found.few | ~alone] = np.nan
    values = partial_thresholds(part.scores, part.target, shares)
    return PartialThresholds(np.where(alone, values, np.nan), shares)


def judge_partial(
    part: Predictions, values: np.ndarray, partial: PartialThresholds
) -> List[str]:
    """Say what the thresholds of positives alone are, and are worth.

    Args:
        part (Predictions): Of any split.
        values (ndarray): Thresholds, ``(K,)``.
        partial (PartialThresholds): From the validation split.

    Returns:
        list[str]: Lines, none where there is no such class.
    """
    # Where the split has labels of both kinds, these say more.
    found = ~np.isnan(partial.values)
    found &= positives_alone(part.target, part.observed)
    if not found.any():
        return []
    known = found & ~np.isnan(partial.shares)
    lines = [
        f'  Estimated, {found.sum()} classes of positives alone: thresholds '
        f'of the best F1 at the estimated frequency ({known.sum()} classes) '
        f"and of Lee and Liu's criterion ({(found & ~known).sum()} classes "
        'with few positives)'
    ]
    f1 = partial_f1(part.scores, part.target, partial.shares, values)
    f1 = f1[known & ~np.isnan(f1)]
    if len(f1):
        scores = part.scores[:, known].mean(0).sum()
        ratio = scores / partial.shares[known].sum()
        lines += [
            f'  F1 at the thresholds, estimated: macro {100 * f1.mean():.2f} '
            f'% (of {len(f1)} classes)',
            f'  Scores add up to {ratio:.2f} of the positives that are '
            'estimated; 1 where they are chances',
        ]
    lines.append(
        '  These hold where labels were observed at random within a class; '
        'tools/analysis/sample_for_review.py measures them'
    )
    return lines
