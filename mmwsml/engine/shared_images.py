"""Images that are in two data sets, which must be none."""

import os
from typing import Iterator, List

import numpy as np
from torch.utils.data import Dataset

from mmwsml.datasets.infos import iter_datasets, iter_infos


def refuse_shared_images(train: Dataset, val: Dataset) -> None:
    """Refuse to validate on images that are trained on.

    An image is one with another of its ``sample_id``, or of its file.

    Args:
        train (Dataset): In any wrappers.
        val (Dataset): In any wrappers.

    Raises:
        ValueError: If an image is in both.
    """
    seen = {name for names in _iter_names(train) for name in names}
    shared = [
        names for names in _iter_names(val) if not seen.isdisjoint(names)
    ]
    number = len(shared) + _count_shared_keys(train, val)
    if number:
        first = shared[0][-1] if shared else 'those of one `namespace`'
        raise ValueError(
            f'{number} images of `val_dataloader`, such as {first}, are in '
            '`train_dataloader` too, so that the validation would praise what '
            'was learned by heart: take them out of one of the two, or, if '
            'that is what you want to see, set '
            '`default_hooks.preflight.allow_shared=True`.'
        )


def _iter_names(dataset: Dataset) -> Iterator[List[str]]:
    """Yield what each image is called: its identity, its file."""
    for child in iter_datasets(dataset):
        if hasattr(child, 'sample_keys'):  # millions, compared as numbers
            continue
        for info in iter_infos(child):
            names = [info['sample_id']] if 'sample_id' in info else []
            if 'img_path' in info:
                names.append(os.path.abspath(info['img_path']))
            yield names


def _count_shared_keys(train: Dataset, val: Dataset) -> int:
    keys = [
        [
            child.sample_keys()
            for child in iter_datasets(dataset)
            if hasattr(child, 'sample_keys')
        ]
        for dataset in (train, val)
    ]
    return sum(
        int(np.isin(theirs, ours).sum())
        for prefix, ours in keys[0]
        for other, theirs in keys[1]
        if prefix == other
    )
