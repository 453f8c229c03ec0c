"""Data sets that repeat images by their labels."""

from typing import Iterator

from mmengine.dataset import ClassBalancedDataset
from torch.utils.data import Dataset

from .infos import iter_datasets
from .own_copies import OwnCopies
from .transforms import LoadObservedLabels
from .transforms.hide_labels import HideLabels


def check_balance(dataset: Dataset) -> None:
    """Refuse images repeated by labels that training must not see.

    The data sets of MMWSML tell a wrapper what their pipeline leaves known;
    others tell the labels of their files.

    Args:
        dataset (Dataset): A training set, in any wrappers.

    Raises:
        ValueError: If a wrapper balances a data set of others that hides
            labels.
    """
    for wrapper in _iter_balanced(dataset):
        for child in iter_datasets(wrapper):
            hiding = [
                type(step).__name__
                for step in child.pipeline.transforms
                if isinstance(step, (HideLabels, LoadObservedLabels))
            ]
            if hiding and not isinstance(child, OwnCopies):
                raise ValueError(
                    f'{type(wrapper).__name__} repeats the images of '
                    f'{type(child).__name__} by labels that {hiding[0]} hides '
                    'from training: read them with a data set of mmwsml, such '
                    'as mmwsml.PartialLabelDataset, or remove the wrapper.'
                )


def _iter_balanced(dataset: Dataset) -> Iterator[Dataset]:
    if isinstance(dataset, ClassBalancedDataset):
        yield dataset
    inner = [getattr(dataset, 'dataset', None)]
    for child in getattr(dataset, 'datasets', inner):
        if child is not None:
            yield from _iter_balanced(child)
