"""A data set without one of its folds."""

from typing import Any, List

import numpy as np
from mmengine.dataset import ConcatDataset

from mmwsml.registry import DATASETS
from mmwsml.structures import hash64
from mmwsml.structures.checks import check_number

from .infos import iter_datasets, iter_infos


@DATASETS.register_module()
class OtherFolds(ConcatDataset):
    """The images of a data set that are not in one of its folds.

    The fold of an image is the rank of its ``hash64`` among those of all
    images, modulo the number of folds: sizes differ by one at most, and the
    order of the data set changes nothing. Wrappers are looked through; each
    image comes once.

    Args:
        dataset (dict): Config of a data set, of MMEngine's ``BaseDataset``,
            or of a wrapper.
        fold (int): The fold that is left out, from 0.
        num_folds (int): At least 2, at most the number of images.

    Raises:
        ValueError: If a number is out of range, or an image has no
            ``sample_id``.
    """

    def __init__(self, dataset: dict, fold: int, num_folds: int) -> None:
        self.fold = fold
        self.num_folds = num_folds
        parts = list(iter_datasets(DATASETS.build(dataset)))
        all_keys = [_keys(part) for part in parts]
        distinct = np.unique(np.concatenate(all_keys))
        if not 2 <= num_folds <= len(distinct):
            raise ValueError(
                f'`num_folds` must be in [2, {len(distinct)}], the number of '
                f'images, but got {num_folds}.'
            )
        check_number('fold', fold, 0, num_folds, '[)')
        for part, keys in zip(parts, all_keys):
            folds = np.searchsorted(distinct, keys) % num_folds
            # In place, as in ValidationSplit: it was built for this alone.
            part.get_subset_(np.flatnonzero(folds != fold).tolist())
        # What the parts have in common was checked where they were joined.
        names = {name for part in parts for name in part.metainfo}
        parts = [part for part in parts if len(part)]
        super().__init__(parts, ignore_keys=sorted(names))

    def __repr__(self) -> str:
        """Show which fold is left out, and of what."""
        head = f'{len(self)} images, without fold {self.fold} of '
        parts = '\n'.join(map(repr, self.datasets))
        return f'{head}{self.num_folds}, of\n{parts}'


def _keys(dataset: Any) -> np.ndarray:
    ids: List[Any] = [info.get('sample_id') for info in iter_infos(dataset)]
    if None in ids:
        raise ValueError(
            f'The images of {type(dataset).__name__} have no `sample_id`, '
            'which says their fold: add mmwsml.AddSampleId to the pipeline.'
        )
    return np.array([hash64(sample_id) for sample_id in ids], np.int64)
