"""Mistakes found before the first step instead of after an epoch."""

from typing import Iterator

from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch.utils.data import Dataset

from mmwsml.datasets.transforms import AddSampleId
from mmwsml.engine.head import head_of
from mmwsml.registry import HOOKS


@HOOKS.register_module()
class PreflightHook(Hook):
    """Check that data sets and model fit, and print what the data is.

    Raises:
        ValueError: If the head and a data set differ in their number of
            classes, or two images of a training set share a ``sample_id``.
    """

    def before_train(self, runner: Runner) -> None:
        """Check the training and the validation set."""
        dataset = runner.train_dataloader.dataset
        runner.logger.info(f'Training on {dataset}')
        self._check_classes(runner, dataset, 'train_dataloader')
        self._check_sample_ids(dataset)
        if runner.val_loop is not None:
            val = runner.val_dataloader.dataset
            runner.logger.info(f'Validating on {val}')
            self._check_classes(runner, val, 'val_dataloader')

    def before_test(self, runner: Runner) -> None:
        """Check the test set."""
        dataset = runner.test_dataloader.dataset
        self._check_classes(runner, dataset, 'test_dataloader')

    @staticmethod
    def _check_classes(runner: Runner, dataset: Dataset, field: str) -> None:
        expected = getattr(head_of(runner), 'num_classes', None)
        classes = dataset.metainfo.get('classes')
        if expected and classes is not None and len(classes) != expected:
            raise ValueError(
                f'The head has num_classes={expected}, but the data set of '
                f'`{field}` has {len(classes)} classes: set '
                f'`model.head.num_classes={len(classes)}`.'
            )

    @staticmethod
    def _check_sample_ids(dataset: Dataset) -> None:
        seen = {}
        for sample_id, path in _iter_sample_ids(dataset):
            if sample_id in seen:
                raise ValueError(
                    f'The images {seen[sample_id]} and {path} share the '
                    f'sample_id {sample_id}: give each data set a `namespace` '
                    'of its own.'
                )
            seen[sample_id] = path


def _iter_sample_ids(dataset: Dataset) -> Iterator[tuple]:
    """Yield (sample_id, path) of each image once, through any wrappers."""
    if hasattr(dataset, 'datasets'):  # ConcatDataset
        for child in dataset.datasets:
            yield from _iter_sample_ids(child)
    elif hasattr(dataset, 'dataset'):  # RepeatDataset and its like
        yield from _iter_sample_ids(dataset.dataset)
    else:
        transforms = dataset.pipeline.transforms
        add = [t for t in transforms if isinstance(t, AddSampleId)]
        for index in range(len(dataset)):
            info = dataset.get_data_info(index)
            for transform in add:
                info = transform(info)
            if 'sample_id' in info:
                yield info['sample_id'], info['img_path']
