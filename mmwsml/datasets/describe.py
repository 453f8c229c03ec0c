"""What a data set holds, through any wrappers, for the log of a run."""

from textwrap import indent
from typing import List, Sized, cast

from mmengine.dataset import ClassBalancedDataset, RepeatDataset
from mmpretrain.datasets import KFoldDataset
from torch.utils.data import Dataset


def describe_dataset(dataset: Dataset) -> str:
    """Describe a data set and those inside it, each a step further in.

    Args:
        dataset (Dataset): In any wrappers; one that prints itself does.

    Returns:
        str: Several lines.
    """
    children = _children(dataset)
    kind = type(dataset)
    # MMPretrain's folds print themselves, but not what they hold.
    silent = kind is KFoldDataset or kind.__repr__ is object.__repr__
    if not children or not silent:
        return str(dataset)
    name, number = kind.__name__, len(cast(Sized, dataset))
    head = f'{name}: {number} images{_say(dataset)}:'
    inner = '\n'.join(map(describe_dataset, children))
    return f'{head}\n{indent(inner, " " * 4)}'


def _children(dataset: Dataset) -> List[Dataset]:
    inner = getattr(dataset, 'dataset', None)
    single = [] if inner is None else [inner]
    return list(getattr(dataset, 'datasets', single))


def _say(dataset: Dataset) -> str:
    """Say what a wrapper makes of what is inside it."""
    if isinstance(dataset, RepeatDataset):
        return f', {dataset.times} times those of'
    if isinstance(dataset, ClassBalancedDataset):
        threshold = dataset.oversample_thr
        return (
            f', those of classes in less than {100 * threshold:g} % of the '
            'images repeated, of'
        )
    if isinstance(dataset, KFoldDataset):
        fold = f'fold {dataset.fold} of 0 to {dataset.num_splits - 1}'
        if dataset.test_mode:
            return f', {fold}, the images of'
        return f', all but {fold}, the images of'
    if hasattr(dataset, 'datasets'):
        return f' of {len(dataset.datasets)} data sets'
    return ' of'
