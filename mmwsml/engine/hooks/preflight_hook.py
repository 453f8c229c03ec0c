"""Mistakes found before the first step instead of after an epoch."""

from typing import Dict, Optional, Sequence

from mmengine.evaluator import Evaluator
from mmengine.hooks import Hook
from mmengine.runner import BaseLoop, Runner
from torch.utils.data import Dataset

from mmwsml.config_options import check_options
from mmwsml.datasets.balance import check_balance
from mmwsml.datasets.describe import describe_dataset
from mmwsml.datasets.mixed_labels import observe_complete_sets
from mmwsml.engine.closed_form_loop import ClosedFormLoop
from mmwsml.engine.evaluation_checks import check_monitored, check_truth
from mmwsml.engine.head import head_of
from mmwsml.engine.partial_truth import tell_doubtful_choice
from mmwsml.engine.sample_checks import check_samples, check_transforms
from mmwsml.engine.shape_checks import check_shapes
from mmwsml.engine.shared_images import refuse_shared_images
from mmwsml.engine.training_checks import (
    check_head,
    check_mixing,
    check_negatives,
    check_steps,
    check_unobserved,
    follow_classes,
)
from mmwsml.inference.trained_classes import (
    classes_in,
    classes_of,
    drop_other_head,
    refuse_other_classes,
    refuse_other_start,
)
from mmwsml.registry import HOOKS


@HOOKS.register_module()
class PreflightHook(Hook):
    """Check that data sets and model fit, and print what the data is.

    A training is checked before its weights are read or downloaded.

    Raises:
        ValueError: If the head, the data sets and the checkpoint differ in
            their classes, if a label is none of them, if a transform hides
            labels of other classes, if images are repeated by labels that one
            hides, if two images of a training set share a ``sample_id``, if
            the loss needs observed negatives or unobserved labels and the
            training set has none, if images are mixed, if there is no batch,
            if no class of validation or test has a positive, if a hook waits
            for a number that no metric gives, if the head does not take what
            the backbone gives, if an option is misspelt, or if images of
            validation are trained on.

    Args:
        allow_shared (bool): Let images of validation be trained on, as for a
            trial whether a network can learn them by heart. Defaults to
            False.
    """

    def __init__(self, allow_shared: bool = False) -> None:
        self.allow_shared = allow_shared
        self._checked = False
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

    def before_run(self, runner: Runner) -> None:
        """Check a training before its weights are read or downloaded."""
        check_options(runner.cfg)
        if isinstance(runner._train_loop, BaseLoop) and not self._checked:
            self._checked = True
            self.check_training(runner)

    def check_training(self, runner: Runner) -> None:
        """Check the model, the training and the validation set."""
        train = runner.train_dataloader.dataset
        runner.logger.info(f'Training on {describe_dataset(train)}')
        _join_kinds(runner, train, 'train_dataloader')
        check_head(runner)
        _check_num_classes(runner, train, 'train_dataloader')
        follow_classes(runner, classes_in(train))
        refuse_other_start(runner.model, classes_in(train))
        check_transforms(train)
        check_balance(train)
        check_samples(train)
        check_negatives(runner, train)
        check_mixing(runner)
        check_unobserved(runner, train)
        check_shapes(runner, train)
        if not isinstance(runner.train_loop, ClosedFormLoop):
            check_steps(runner.train_dataloader, 'train_dataloader')
        if runner.val_loop is not None:
            self._check_validation(runner, train)

    def _check_validation(self, runner: Runner, train: Dataset) -> None:
        val = runner.val_dataloader.dataset
        runner.logger.info(f'Validating on {describe_dataset(val)}')
        _join_kinds(runner, val, 'val_dataloader')
        _check_num_classes(runner, val, 'val_dataloader')
        _check_order(classes_in(train), val, 'val_dataloader')
        check_steps(runner.val_dataloader, 'val_dataloader')
        _check_truth(runner, runner.val_evaluator, val, 'val_dataloader')
        check_monitored(runner)
        if not self.allow_shared:
            refuse_shared_images(train, val)

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
        runner.logger.info(f'Testing on {describe_dataset(test)}')
        _join_kinds(runner, test, 'test_dataloader')
        _check_num_classes(runner, test, 'test_dataloader')
        _check_order(self._trained_classes, test, 'test_dataloader')
        check_steps(runner.test_dataloader, 'test_dataloader')
        _check_truth(runner, runner.test_evaluator, test, 'test_dataloader')


def _join_kinds(runner: Runner, dataset: Dataset, field: str) -> None:
    """Make all labels partial where some are."""
    changed = observe_complete_sets(dataset)
    if changed:
        runner.logger.info(
            f'`{field}` has partial and complete labels: of '
            f'{", ".join(changed)} each label counts as observed.'
        )


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
