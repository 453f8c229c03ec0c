"""What a run chooses by where validation labels are positives alone."""

from typing import Any, Iterator, NamedTuple, Optional

import numpy as np
from mmengine.evaluator import Evaluator
from mmengine.hooks import CheckpointHook, EarlyStoppingHook, Hook
from mmengine.logging import MMLogger
from mmengine.runner import Runner
from torch.utils.data import Dataset

from mmwsml.datasets.infos import iter_datasets, iter_observed
from mmwsml.datasets.observed_counts import count_observed
from mmwsml.evaluation import doubtful_choice
from mmwsml.evaluation.metrics import (
    ClasswiseMetric,
    MeanAveragePrecision,
    PositiveUnlabeledMetric,
)

from .hooks.stop_below_best_hook import StopBelowBestHook

#: What tells models apart best where labels are positives alone.
CHOICE = 'pu_AUC'


class Truth(NamedTuple):
    """What the labels of a data set can tell."""

    #: int64 ``(K,)``: observed positives, and observed labels.
    positives: np.ndarray
    observed: np.ndarray
    #: Images, and those of which nothing but positives is known.
    num_images: int
    num_alone: int


def measure_positives(
    evaluator: Evaluator, dataset: Dataset, num_classes: int, field: str
) -> Optional[str]:
    """Measure by what positives tell, where most images have nothing else.

    A :class:`PositiveUnlabeledMetric` joins the metrics; those that need
    labels of both kinds stay where some class has them.

    Args:
        evaluator (Evaluator): Its metrics are changed in place.
        dataset (Dataset): The labels, in any wrappers.
        num_classes (int): K.
        field (str): Where the config has the data set, for the log.

    Returns:
        str | None: Name of the metric whose mAP is no measure of these
        labels, without its prefix's slash; None: nothing has changed.
    """
    metrics = evaluator.metrics
    means = [m for m in metrics if isinstance(m, MeanAveragePrecision)]
    if not means or next(iter_datasets(dataset), None) is None:
        return None
    truth = _read_truth(dataset, num_classes)
    if truth is None or not truth.positives.any():
        return None
    logger = MMLogger.get_current_instance()
    if 2 * truth.num_alone <= truth.num_images:
        _tell_chosen_negatives(truth, field, logger)
        return None
    both = (truth.positives > 0) & (truth.positives < truth.observed)
    dropped = []
    if not both.any():
        dropped = [m for m in metrics if isinstance(m, ClasswiseMetric)]
        dropped = [
            m for m in dropped if not isinstance(m, PositiveUnlabeledMetric)
        ]
        evaluator.metrics = metrics = [m for m in metrics if m not in dropped]
    if not any(isinstance(m, PositiveUnlabeledMetric) for m in metrics):
        added = PositiveUnlabeledMetric(means[0].prefix)
        added.dataset_meta = means[0].dataset_meta
        metrics.append(added)
    names = ' and '.join(sorted({type(m).__name__ for m in dropped}))
    dropped_names = f' {names}, by which every model is right, is left out.'
    logger.warning(
        f'`{field}`: in {truth.num_alone} of {truth.num_images} images no '
        f'class is known to be absent. {means[0].prefix}/pu_mAP and '
        f'{means[0].prefix}/pu_AUC count what is unobserved as absent: they '
        'tell models apart where labels were observed at random, and are no '
        f'mAP.{dropped_names * bool(names)}'
    )
    _tell_one_label(dataset, truth, logger)
    return means[0].prefix


def _read_truth(dataset: Dataset, num_classes: int) -> Optional[Truth]:
    counts = count_observed(dataset, num_classes)
    if counts is None:
        return None
    num_images = num_alone = 0
    for info in iter_observed(dataset):
        num_images += 1
        partial = len(info['gt_label']) < num_classes
        num_alone += partial and len(info.get('neg_label', 'none')) == 0
    return Truth(*counts, num_images, num_alone)


def _tell_chosen_negatives(truth: Truth, field: str, logger: MMLogger) -> None:
    """Say that few negatives beside many positives have been chosen."""
    negatives = truth.observed - truth.positives
    chosen = (truth.positives > negatives) & (negatives > 0)
    if chosen.any() and truth.num_images > truth.observed.max():
        logger.warning(
            f'`{field}`: {chosen.sum()} of {len(chosen)} classes have more '
            'observed positives than negatives. Who looks at few negatives '
            'chooses them, mostly hard ones: their average precision is that '
            'of this choice, not of all images.'
        )


def _tell_one_label(dataset: Dataset, truth: Truth, logger: MMLogger) -> None:
    if truth.positives.sum() > truth.num_images:
        return
    most = max(len(set(i['gt_label'])) for i in iter_observed(dataset))
    if most == 1:
        logger.warning(
            'No image shows more than one label, so that which one an image '
            'shows depends on its others: pu_mAP and pu_AUC favour models '
            'that find what is often alone. Complete labels of some images '
            'would tell; tools/analysis/sample_for_review.py draws which.'
        )


def choose_by_positives(runner: Runner, prefix: str) -> None:
    """Let everything that waits for the mAP wait for ``pu_AUC``.

    Best checkpoint, early stop and schedules; a margin is then one of
    ``pu_AUC``.

    Args:
        runner (Runner): The run, with validation.
        prefix (str): Of the metrics' names.
    """
    old, new = f'{prefix}/mAP', f'{prefix}/{CHOICE}'
    owners = [
        type(owner).__name__
        for owner in (*runner.hooks, *schedulers_of(runner))
        if _redirect(owner, old, new)
    ]
    if owners:
        runner.logger.warning(
            f'{", ".join(owners)}: {new} takes the place of {old}, which '
            'these validation labels cannot tell.'
        )


def tell_doubtful_choice(runner: Runner) -> None:
    """Say, after a run that chose by ``pu_AUC``, what to make of it.

    Args:
        runner (Runner): The run, validated as often as it will be.
    """
    scalars = runner.message_hub.log_scalars
    for name in [*scalars]:
        rival = name.replace(f'/{CHOICE}', '/pu_mAP')
        if name.startswith('val/') and rival != name and rival in scalars:
            aucs, precisions = scalars[name].data[0], scalars[rival].data[0]
            other = scalars.get(name.replace(CHOICE, 'pu_one_sided'))
            told = (
                doubtful_choice.MEASURED,
                doubtful_choice.tell_doubt(aucs, precisions),
                doubtful_choice.tell_chosen_labels(other.data[0])
                if other
                else None,
            )
            for text in filter(None, told):
                runner.logger.warning(text)


def _redirect(owner: Any, old: str, new: str) -> bool:
    """Let one hook or schedule wait for another name, if it waits for old."""
    if isinstance(owner, CheckpointHook):
        if old not in (owner.save_best or ()):
            return False
        owner.save_best = [new if x == old else x for x in owner.save_best]
        owner._init_rule(owner.rules, owner.save_best)
        return True
    is_hook = isinstance(owner, Hook)
    if is_hook and not isinstance(
        owner, (EarlyStoppingHook, StopBelowBestHook)
    ):
        return False
    if getattr(owner, 'monitor', None) != old:
        return False
    owner.monitor = new
    return True


def schedulers_of(runner: Runner) -> Iterator[Any]:
    """Yield the schedules of a run, of all its optimizers."""
    schedulers = runner.param_schedulers or []
    if isinstance(schedulers, dict):  # one list for each optimizer
        schedulers = [one for group in schedulers.values() for one in group]
    yield from schedulers
