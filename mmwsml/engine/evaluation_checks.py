"""What would make a validation or a test worthless, found before it."""

import copy
from typing import Any, Iterator, List, Optional, Sequence, Tuple

import torch
from mmengine.evaluator import DumpResults, Evaluator
from mmengine.hooks import CheckpointHook, EarlyStoppingHook
from mmengine.runner import Runner
from mmpretrain.evaluation import (
    Accuracy,
    AveragePrecision,
    ConfusionMatrix,
    MultiLabelMetric,
    SingleLabelMetric,
)
from torch.utils.data import Dataset

from mmwsml.datasets.infos import iter_datasets
from mmwsml.datasets.observed_counts import count_observed, has_unobserved
from mmwsml.evaluation.metrics import ClasswiseMetric

from .hooks.stop_below_best_hook import StopBelowBestHook
from .partial_truth import (
    choose_by_positives,
    measure_positives,
    schedulers_of,
)

#: MMPretrain's metrics, to which an unobserved label is an absent one.
COMPLETE_ONLY = AveragePrecision, MultiLabelMetric
#: Those of one label an image.
SINGLE_LABEL = Accuracy, ConfusionMatrix, SingleLabelMetric


def check_truth(
    runner: Runner,
    evaluator: Evaluator,
    dataset: Dataset,
    num_classes: int,
    field: str,
) -> None:
    """Refuse labels by which no model can be told from another.

    They are counted as the pipeline leaves them; no image is read. Where
    most images have positives alone, these take the place of the mAP in all
    that chooses.

    Args:
        runner (Runner): The run.
        evaluator (Evaluator): Its metrics are asked, and log, which classes
            count.
        dataset (Dataset): The labels, in any wrappers.
        num_classes (int): K.
        field (str): Where the config has the data set.

    Raises:
        ValueError: If a metric would be the same for every model, would take
            unobserved labels for absent ones, or a label is none of the
            classes.
    """
    if next(iter_datasets(dataset), None) is None:
        return
    _refuse_other_metrics(evaluator, dataset, num_classes, field)
    prefix = measure_positives(evaluator, dataset, num_classes, field)
    if prefix is not None and field == 'val_dataloader':
        choose_by_positives(runner, prefix)
    metrics = [m for m in evaluator.metrics if isinstance(m, ClasswiseMetric)]
    if not metrics:
        return
    counts = count_observed(dataset, num_classes)
    if counts is None:
        return
    for metric in metrics:
        try:
            metric.examine(*counts)
        except ValueError as error:
            remedy = ''
            if field == 'val_dataloader':
                remedy = ' (train without it: tools/train.py --no-validate)'
            raise ValueError(
                f'`{field}` cannot tell a good model from a bad one{remedy}: '
                f'{error}'
            ) from error


def _refuse_other_metrics(
    evaluator: Evaluator, dataset: Dataset, num_classes: int, field: str
) -> None:
    """Refuse metrics that do not measure what the labels are."""
    for metric in evaluator.metrics:
        if isinstance(metric, SINGLE_LABEL):
            raise ValueError(
                f'{type(metric).__name__} is of images of one label, but '
                f'`{field}` has any number: measure with '
                'mmwsml.MeanAveragePrecision or '
                'mmwsml.ObservedMultiLabelMetric.'
            )
    wrong = [m for m in evaluator.metrics if isinstance(m, COMPLETE_ONLY)]
    if wrong and has_unobserved(dataset, num_classes):
        raise ValueError(
            f'{type(wrong[0]).__name__} takes every label that is not '
            f'observed for an absent one, but `{field}` has such labels: '
            'measure with mmwsml.MeanAveragePrecision or '
            'mmwsml.ObservedMultiLabelMetric, which leave them out.'
        )


def check_monitored(
    runner: Runner, given: Optional[Sequence[str]] = None
) -> None:
    """Refuse a run whose hooks or schedules wait for a number nobody gives.

    Args:
        runner (Runner): The run, with validation.
        given (Sequence[str], optional): What the validation gave. Defaults to
            None: what its metrics say that they will give; those of others
            say nothing, and are believed to give any name with their prefix.

    Raises:
        ValueError: If two metrics give the same name, or none gives a name
            that is asked for.
    """
    names, prefixes = (
        _promised(runner.val_evaluator.metrics)
        if given is None
        else ([*given], [])
    )
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise ValueError(
            f'Two metrics of `val_evaluator` give {twins[0]}: give one of '
            'them a `prefix` of its own.'
        )
    for owner, option, name in _monitors(runner):
        if name not in names and not any(map(name.startswith, prefixes)):
            known = [*names, *(f'{prefix}...' for prefix in prefixes)]
            raise ValueError(
                f'{owner} has {option}={name!r}, but the metrics of the '
                f'validation are {known}: choose one of these.'
            )


def _promised(metrics: Sequence[Any]) -> Tuple[List[str], List[str]]:
    """List the names that metrics will give, and prefixes of unknown ones."""
    names: List[str] = []
    prefixes: List[str] = []
    for metric in metrics:
        own: Optional[Sequence[str]] = None
        if isinstance(metric, ClasswiseMetric):
            own = metric.names
        elif isinstance(metric, COMPLETE_ONLY):
            own = _try(metric)
        prefix = f'{metric.prefix}/' if metric.prefix else ''
        if own is not None:
            names += [prefix + name for name in own]
        elif not isinstance(metric, DumpResults):
            prefixes.append(prefix)
    return names, prefixes


def _try(metric: Any) -> Optional[List[str]]:
    """List what one of MMPretrain's metrics says of two images.

    Returns:
        list[str] | None: None of a subclass that reads more of a sample, such
        as those of VOC.
    """
    twin = copy.copy(metric)
    twin.results = []
    num_classes = max(2, getattr(metric, 'topk', None) or 0)
    truth = torch.arange(num_classes) % 2
    scores = torch.linspace(0.25, 0.75, num_classes)
    sample = dict(pred_score=scores, gt_score=truth)
    try:
        twin.process({}, [sample, dict(sample, gt_score=1 - truth)])
        return list(twin.compute_metrics(twin.results))
    except Exception:  # others may do anything with a sample
        return None


def _monitors(runner: Runner) -> Iterator[Tuple[str, str, str]]:
    """Yield who waits for a number, by which option, and for which."""
    for hook in runner.hooks:
        if isinstance(hook, CheckpointHook):
            for name in hook.save_best or ():
                if name != 'auto':
                    yield type(hook).__name__, 'save_best', name
        elif isinstance(hook, (EarlyStoppingHook, StopBelowBestHook)):
            yield type(hook).__name__, 'monitor', hook.monitor
    for scheduler in schedulers_of(runner):
        if hasattr(scheduler, 'monitor'):  # reduces where it stands still
            yield type(scheduler).__name__, 'monitor', scheduler.monitor
