"""The identities of the images of a data set."""

import numpy as np
from torch.utils.data import Dataset

from mmwsml.datasets.infos import iter_infos
from mmwsml.structures import hash64


def sample_keys(dataset: Dataset) -> np.ndarray:
    """Hash the identities of the images of a data set, through its wrappers.

    Returns:
        ndarray: ``hash64`` of each ``sample_id``, int64 ``(M,)``.

    Raises:
        ValueError: If an image has none.
    """
    ids = [info.get('sample_id') for info in iter_infos(dataset)]
    if not ids or None in ids:
        raise ValueError(
            f'The images of {type(dataset).__name__} have no `sample_id`, '
            'which a label store needs: add mmwsml.AddSampleId to the '
            'pipeline.'
        )
    return np.array([hash64(sample_id) for sample_id in ids], np.int64)
