"""The identities of the images of a data set."""

from typing import Iterator

import numpy as np
from torch.utils.data import Dataset

from mmwsml.datasets.infos import iter_infos, iter_observed
from mmwsml.structures import KnownLabels, hash64


def sample_keys(dataset: Dataset) -> np.ndarray:
    """Hash the identities of the images of a data set, through its wrappers.

    Returns:
        ndarray: ``hash64`` of each ``sample_id``, int64 ``(M,)``.

    Raises:
        ValueError: If an image has none.
    """
    ids = [info.get('sample_id') for info in iter_infos(dataset)]
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


def _no_identity(dataset: Dataset) -> ValueError:
    return ValueError(
        f'The images of {type(dataset).__name__} have no `sample_id`, which a '
        'label store needs: add mmwsml.AddSampleId to the pipeline.'
    )
