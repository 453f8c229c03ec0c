"""How many positives of each class training does not see."""

from dataclasses import dataclass
from typing import Optional, Tuple

import numpy as np
from mmengine.runner import Runner
from torch.utils.data import Dataset

from mmwsml.datasets.infos import iter_observed

from .head import head_of
from .samples import known_labels


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
    if kappa is not None and not 0 < kappa < float('inf'):
        raise ValueError(
            '`kappa` must be a number of positives above 0, but got '
            f'{kappa!r}.'
        )


def check_share(share: float) -> None:
    """Refuse a share of the hidden positives that modifies none.

    Raises:
        ValueError: If ``share`` is not in (0, 2].
    """
    if not 0 < share <= 2:
        raise ValueError(f'`share` must be in (0, 2], but got {share!r}.')


def estimate_hidden(runner: Runner, kappa: Optional[float]) -> HiddenPositives:
    """Estimate the hidden positives of a run's training set.

    Args:
        runner (Runner): The run.
        kappa (float, optional): Expected number of positives an image, which
            the classes share as they do the observed positives. None: the
            share of positives among the validation labels is taken.

    Raises:
        ValueError: If ``kappa`` is None and there are no complete validation
            labels, or not above the observed positives of an image.
    """
    num_classes = head_of(runner).num_classes
    known = known_labels(runner.train_dataloader.dataset)
    observed = known.count_positives(num_classes)
    negatives = np.bincount(known.negatives.classes, minlength=num_classes)
    num_unobserved = len(known.keys) - observed - negatives
    if kappa is None:
        count, num_images = _count_complete(runner, num_classes)
        total = count / num_images * len(known.keys)
        source = f'{num_images} validation images'
    else:
        num_positives = kappa * len(known.keys)
        if num_positives <= observed.sum():
            mean = observed.sum() / len(known.keys)
            raise ValueError(
                f'`kappa` must exceed the {mean:.3g} positives of an image '
                f'that are observed, but got {kappa!r}: give the expected '
                'number of all, observed and hidden.'
            )
        total = num_positives * observed / max(observed.sum(), 1)
        source = f'kappa={kappa} and the observed positives'
    hidden = (total - observed).clip(0, num_unobserved)
    return HiddenPositives(
        hidden, num_unobserved, observed, len(known.keys), source
    )


def _count_complete(
    runner: Runner, num_classes: int
) -> Tuple[np.ndarray, int]:
    """Count the positives of each class in complete validation labels."""
    dataset = _validation_set(runner)
    count, num_images = np.zeros(num_classes, np.int64), 0
    for info in iter_observed(dataset) if dataset is not None else ():
        num_known = len(info['gt_label']) + len(info.get('neg_label', ()))
        if 'neg_label' in info and num_known < num_classes:
            break
        np.add.at(count, np.asarray(info['gt_label'], np.int64), 1)
        num_images += 1
    else:
        if num_images:
            return count, num_images
    raise ValueError(
        'The run has no complete validation labels to count positives in: '
        'give the hook `kappa`, the expected number of positives an image, '
        'or the run a `val_dataloader` with complete labels.'
    )


def _validation_set(runner: Runner) -> Optional[Dataset]:
    loop = runner.val_loop
    return None if loop is None else runner.val_dataloader.dataset
