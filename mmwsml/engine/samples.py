"""The identities of the images of a data set."""

from typing import Any, Iterator, List

import numpy as np
from torch.utils.data import Dataset

from mmwsml.datasets.infos import iter_changes, iter_infos, iter_observed
from mmwsml.records import RecordedImages
from mmwsml.structures import KnownLabels, hash64


def sample_keys(dataset: Dataset) -> np.ndarray:
    """Hash the identities of the images of a data set, through its wrappers.

    Returns:
        ndarray: ``hash64`` of each ``sample_id``, int64 ``(M,)``.

    Raises:
        ValueError: If an image has none.
    """
    ids: List[Any] = [info.get('sample_id') for info in iter_infos(dataset)]
    if not ids or None in ids:
        raise _no_identity(dataset)
    return np.array([hash64(sample_id) for sample_id in ids], np.int64)


def known_labels(dataset: Dataset) -> KnownLabels:
    """Collect the labels that training observes, through any wrappers.

    Each image goes through the transforms that hide or load labels: some
    microseconds an image.

    Raises:
        ValueError: If an image has no identity.
    """

    def entries() -> Iterator[tuple]:
        for info in iter_observed(dataset):
            if 'sample_id' not in info:
                raise _no_identity(dataset)
            negatives = info.get('neg_label', ())
            yield info['sample_id'], info['gt_label'], negatives

    return KnownLabels.collect(entries())


def recorded_images(dataset: Dataset, num_classes: int) -> RecordedImages:
    """Collect the labels that training observes, and the true ones.

    Those are known where the data set has complete labels before a transform
    hides some. Each image goes through the transforms of labels: some
    microseconds an image.

    Args:
        dataset (Dataset): The training set, in any wrappers.
        num_classes (int): K.

    Raises:
        ValueError: If an image has no identity.
    """
    entries = []
    for before, after in iter_changes(dataset):
        if 'sample_id' not in after:
            raise _no_identity(dataset)
        num_known = len(before['gt_label']) + len(before.get('neg_label', ()))
        complete = 'neg_label' not in before or num_known == num_classes
        entries.append(
            (
                after['sample_id'],
                after['gt_label'],
                after.get('neg_label'),
                before['gt_label'] if complete else None,
            )
        )
    return RecordedImages.collect(entries, num_classes)


def _no_identity(dataset: Dataset) -> ValueError:
    return ValueError(
        f'The images of {type(dataset).__name__} have no `sample_id`, which a '
        'label store and RecordHook need: add mmwsml.AddSampleId to the '
        'pipeline.'
    )
