"""What is wrong with images or labels of a training set."""

from typing import Dict

import numpy as np
from torch.utils.data import Dataset

from mmwsml.datasets.infos import iter_datasets, iter_infos
from mmwsml.inference.trained_classes import classes_in
from mmwsml.structures import find_label_error


def check_samples(dataset: Dataset) -> None:
    """Check each image of a training set, whatever wraps the set.

    Args:
        dataset (Dataset): In any wrappers.

    Raises:
        ValueError: If a label is none of the classes, or two images share a
            ``sample_id``.
    """
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


def check_transforms(dataset: Dataset) -> None:
    """Check that what hides labels was made for the classes of its set.

    Args:
        dataset (Dataset): In any wrappers.

    Raises:
        ValueError: If a transform hides labels of other classes.
    """
    for child in iter_datasets(dataset):
        classes = classes_in(child)
        for transform in child.pipeline.transforms:
            if classes is not None and hasattr(transform, 'find_mismatch'):
                error = transform.find_mismatch(classes)
                if error:
                    raise ValueError(error)
