"""Mistakes found before the first step instead of after an epoch."""

from typing import Dict, Optional, Sequence

import numpy as np
from mmengine.evaluator import Evaluator
from mmengine.hooks import Hook
from mmengine.runner import BaseLoop, Runner
from torch.utils.data import Dataset

from mmwsml.datasets.balance import check_balance
from mmwsml.datasets.infos import iter_datasets, iter_infos
from mmwsml.engine.closed_form_loop import ClosedFormLoop
from mmwsml.engine.evaluation_checks import check_monitored, check_truth
from mmwsml.engine.head import head_of
from mmwsml.engine.partial_truth import tell_doubtful_choice
from mmwsml.engine.training_checks import (
    check_head,
    check_mixing,
    check_negatives,
    check_steps,
    check_unobserved,
)
from mmwsml.inference.trained_classes import (
    classes_in,
    classes_of,
    drop_other_head,
    refuse_other_classes,
    refuse_other_start,
)
from mmwsml.registry import HOOKS
from mmwsml.structures import find_label_error


@HOOKS.register_module()
class PreflightHook(Hook):
    """Check that data sets and model fit, and print what the data is.

    Raises:
        ValueError: If the head, the data sets and the checkpoint differ in
            their classes, if a label is none of them, if a transform hides
            labels of other classes, if images are repeated by labels that one
            hides, if two images of a training set share a ``sample_id``, if
            the loss needs observed negatives or unobserved labels and the
            training set has none, if images are mixed, if there is no batch,
            if no class of validation or test has a positive, or if a hook
            waits for a number that no metric gives.
    """

    def __init__(self) -> None:
        self._trained_classes: Optional[Sequence[str]] = None

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Check which classes the weights were trained on.

        A run that goes on must have the same; one that only starts from
        weights of other classes takes their backbone alone.
        """
        self._trained_classes = classes_of(checkpoint)
        if not isinstance(runner._train_loop, BaseLoop):
            return
        classes = classes_in(runner.train_dataloader.dataset)
        if runner._resume:
            refuse_other_classes(
                self._trained_classes,
                classes,
                'The data set of `train_dataloader`',
                'resume with the classes of that run in their order, or '
                'begin a new run from its weights with `load_from`',
            )
            return
        num_classes = getattr(head_of(runner), 'num_classes', None)
        if num_classes is not None:
            message = drop_other_head(checkpoint, classes, num_classes)
            if message is not None:
                runner.logger.warning(message)

    def before_train(self, runner: Runner) -> None:
        """Check the training and the validation set."""
        train = runner.train_dataloader.dataset
        runner.logger.info(f'Training on {train}')
        check_head(runner)
        _check_num_classes(runner, train, 'train_dataloader')
        refuse_other_start(runner.model, classes_in(train))
        _check_transforms(train)
        check_balance(train)
        _check_samples(train)
        check_negatives(runner, train)
        check_mixing(runner)
        check_unobserved(runner, train)
        if not isinstance(runner.train_loop, ClosedFormLoop):
            check_steps(runner.train_dataloader, 'train_dataloader')
        if runner.val_loop is not None:
            val = runner.val_dataloader.dataset
            runner.logger.info(f'Validating on {val}')
            _check_num_classes(runner, val, 'val_dataloader')
            _check_order(classes_in(train), val, 'val_dataloader')
            check_steps(runner.val_dataloader, 'val_dataloader')
            _check_truth(runner, runner.val_evaluator, val, 'val_dataloader')
            check_monitored(runner)

    def after_val_epoch(
        self, runner: Runner, metrics: Dict[str, float]
    ) -> None:
        """Name what is missing, of metrics that could not say it before."""
        if metrics:
            check_monitored(runner, list(metrics))

    def after_train(self, runner: Runner) -> None:
        """Say where the choice among epochs is in doubt."""
        tell_doubtful_choice(runner)

    def before_test(self, runner: Runner) -> None:
        """Check the test set."""
        test = runner.test_dataloader.dataset
        _check_num_classes(runner, test, 'test_dataloader')
        _check_order(self._trained_classes, test, 'test_dataloader')
        check_steps(runner.test_dataloader, 'test_dataloader')
        _check_truth(runner, runner.test_evaluator, test, 'test_dataloader')


def _check_truth(
    runner: Runner, evaluator: Evaluator, dataset: Dataset, field: str
) -> None:
    classes = classes_in(dataset)
    number = len(classes) if classes else head_of(runner).num_classes
    check_truth(runner, evaluator, dataset, number, field)


def _check_num_classes(runner: Runner, dataset: Dataset, field: str) -> None:
    expected = getattr(head_of(runner), 'num_classes', None)
    classes = classes_in(dataset)
    if expected and classes is not None and len(classes) != expected:
        raise ValueError(
            f'The head has num_classes={expected}, but the data set of '
            f'`{field}` has {len(classes)} classes: set '
            f'`model.head.num_classes={len(classes)}`.'
        )


def _check_order(
    trained: Optional[Sequence[str]], dataset: Dataset, field: str
) -> None:
    where = f'The data set of `{field}`'
    refuse_other_classes(trained, classes_in(dataset), where)


def _check_samples(dataset: Dataset) -> None:
    """Check each image of a training set, whatever wraps the set."""
    vouched: Dict[str, list] = {}
    paths: Dict[str, str] = {}
    for child in iter_datasets(dataset):
        if hasattr(child, 'sample_keys'):  # millions, checked when built
            prefix, keys = child.sample_keys()
            vouched.setdefault(prefix, []).append(keys)
        else:
            _check_infos(child, paths)
    for prefix, parts in vouched.items():
        keys = np.sort(np.concatenate(parts))
        if (keys[1:] == keys[:-1]).any():
            raise ValueError(
                f'Two data sets share images named {prefix}/...: give each '
                'data set a `namespace` of its own.'
            )


def _check_infos(dataset: Dataset, paths: Dict[str, str]) -> None:
    """Check labels and identities, and note the path of each identity."""
    for info in iter_infos(dataset):
        path = info.get('img_path', 'an image')
        labels = info.get('gt_label')
        classes = info['classes']
        if isinstance(labels, list) and classes is not None:
            negatives = info.get('neg_label', [])
            error = find_label_error(labels, negatives, len(classes))
            if error:
                raise ValueError(f'The labels of {path} are wrong: {error}.')
        sample_id = info.get('sample_id')
        if sample_id in paths:
            raise ValueError(
                f'The images {paths[sample_id]} and {path} share the '
                f'sample_id {sample_id}: give each data set a `namespace` '
                'of its own.'
            )
        if sample_id is not None:
            paths[sample_id] = path


def _check_transforms(dataset: Dataset) -> None:
    """Check that what hides labels was made for the classes of its set."""
    for child in iter_datasets(dataset):
        classes = classes_in(child)
        for transform in child.pipeline.transforms:
            if classes is not None and hasattr(transform, 'find_mismatch'):
                error = transform.find_mismatch(classes)
                if error:
                    raise ValueError(error)
