"""How many positives of each class training does not see."""

from dataclasses import dataclass
from typing import NamedTuple, Optional, Sequence, Tuple

import numpy as np
from mmengine.runner import Runner
from torch.utils.data import Dataset

from mmwsml.datasets.infos import iter_observed
from mmwsml.evaluation.frequency_file import read_shares
from mmwsml.inference.trained_classes import classes_in
from mmwsml.structures.checks import check_number

from .head import head_of
from .samples import known_labels

#: Complete validation labels, beside partial ones, that positives are counted
#: in.
ENOUGH = 50


@dataclass(frozen=True)
class HiddenPositives:
    """Estimated positives among the unobserved labels of K classes."""

    #: Float64 ``(K,)``, from 0 to ``num_unobserved``.
    count: np.ndarray
    #: int64 ``(K,)``: unobserved labels in the training set.
    num_unobserved: np.ndarray
    #: int64 ``(K,)``: observed positives there.
    num_observed: np.ndarray
    #: Training images, each once.
    num_images: int
    #: What the estimate is made from.
    source: str

    def __str__(self) -> str:
        """Say the estimate, added up over the classes, for a log."""
        return (
            f'Hidden positives, estimated from {self.source}: '
            f'{self.count.sum():.0f} of {self.num_unobserved.sum()} '
            'unobserved labels'
        )


def check_kappa(kappa: Optional[float]) -> None:
    """Refuse an expected number of positives that is none.

    Raises:
        ValueError: If ``kappa`` is given and not above 0.
    """
    if kappa is not None:
        check_number('kappa', kappa, 0, ends='()')


def check_share(share: float) -> None:
    """Refuse a share of the hidden positives that modifies none.

    Raises:
        ValueError: If ``share`` is not in (0, 2].
    """
    check_number('share', share, 0, 2, '(]')


def estimate_hidden(
    runner: Runner,
    kappa: Optional[float],
    frequencies: Optional[str] = None,
) -> HiddenPositives:
    """Estimate the hidden positives of a run's training set.

    Args:
        runner (Runner): The run.
        kappa (float, optional): Expected number of positives an image, which
            the classes share as they do the observed positives. None: the
            share of positives among the validation labels is taken.
        frequencies (str, optional): Table of the share of positives of each
            class, which goes before both. Defaults to None.

    Raises:
        ValueError: If all are None and there are no complete validation
            labels, ``kappa`` is not above the observed positives of an image,
            or the table is none of these classes.
    """
    if frequencies is not None:
        shares = read_shares(frequencies, _names(runner))
        return of_shares(runner, shares, frequencies)
    if kappa is None:
        count, num_images = _count_complete(runner)
        source = f'{num_images} validation images'
        return of_shares(runner, count / num_images, source)
    counts = _count_known(runner)
    num_observed = counts.observed.sum()
    if kappa * counts.num_images <= num_observed:
        mean = num_observed / counts.num_images
        raise ValueError(
            f'`kappa` must exceed the {mean:.3g} positives of an image '
            f'that are observed, but got {kappa!r}: give the expected '
            'number of all, observed and hidden.'
        )
    shares = kappa * counts.observed / max(num_observed, 1)
    return _hide(counts, shares, f'kappa={kappa} and the observed positives')


def of_shares(
    runner: Runner, shares: np.ndarray, source: str
) -> HiddenPositives:
    """Tell the hidden positives from how frequent the classes are.

    Args:
        runner (Runner): The run.
        shares (ndarray): Of the images that show each class, ``(K,)``; NaN
            where nobody knows, so that none are taken to be hidden.
        source (str): What they were estimated from.
    """
    return _hide(_count_known(runner), np.nan_to_num(shares), source)


class _Known(NamedTuple):
    observed: np.ndarray
    num_unobserved: np.ndarray
    num_images: int


def _count_known(runner: Runner) -> _Known:
    num_classes = head_of(runner).num_classes
    known = known_labels(runner.train_dataloader.dataset)
    observed = known.count_positives(num_classes)
    negatives = np.bincount(known.negatives.classes, minlength=num_classes)
    num_images = len(known.keys)
    return _Known(observed, num_images - observed - negatives, num_images)


def _hide(known: _Known, shares: np.ndarray, source: str) -> HiddenPositives:
    """Take off what is observed; no more than is unobserved is left."""
    hidden = shares * known.num_images - known.observed
    return HiddenPositives(
        hidden.clip(0, known.num_unobserved),
        known.num_unobserved,
        known.observed,
        known.num_images,
        source,
    )


def _count_complete(runner: Runner) -> Tuple[np.ndarray, int]:
    """Count the positives of each class in complete validation labels."""
    dataset, num_classes = _validation_set(runner), head_of(runner).num_classes
    count, num_images, num_partial = np.zeros(num_classes, np.int64), 0, 0
    for info in iter_observed(dataset) if dataset is not None else ():
        num_known = len(info['gt_label']) + len(info.get('neg_label', ()))
        if 'neg_label' in info and num_known < num_classes:
            num_partial += 1
            continue
        np.add.at(count, np.asarray(info['gt_label'], np.int64), 1)
        num_images += 1
    if num_images >= (ENOUGH if num_partial else 1):
        return count, num_images
    raise ValueError(
        'The run has no complete validation labels to count positives in: '
        'give the hook `kappa`, the expected number of positives an image; '
        '`frequencies`, a table of tools/analysis/estimate_frequencies.py; or '
        'the run a `val_dataloader` with complete labels.'
    )


def _validation_set(runner: Runner) -> Optional[Dataset]:
    loop = runner.val_loop
    return None if loop is None else runner.val_dataloader.dataset


def _names(runner: Runner) -> Sequence[str]:
    """Name the classes of the training set.

    Raises:
        ValueError: If it has no names.
    """
    names = classes_in(runner.train_dataloader.dataset)
    if names is None:
        raise ValueError(
            '`frequencies` names classes, but the training set does not: set '
            '`classes` in its `metainfo`, or give `kappa`.'
        )
    return names
