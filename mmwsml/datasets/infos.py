"""What is known of each image of a data set, before its transforms."""

from typing import Any, Iterator, List, Optional, Sequence, Tuple

import numpy as np
from mmcv.transforms import LoadImageFromFile
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmpretrain.registry import DATASETS
from torch.utils.data import Dataset

from .transforms import AddSampleId, LoadObservedLabels
from .transforms.hide_labels import HideLabels

#: Transforms that look at nothing but labels and identity.
LABELLERS = (AddSampleId, HideLabels, LoadObservedLabels)
#: Row of the counts, and what it counts of partial labels.
ENTRIES = ((0, 'gt_label'), (1, 'neg_label'))


def label_steps(transforms: Sequence[Any]) -> List[Any]:
    """Keep the transforms that decide what is known of an image.

    Reading it is among them where one of them looks at its size.
    """
    kinds = LABELLERS
    if any(getattr(step, 'needs_size', False) for step in transforms):
        kinds = (*kinds, LoadImageFromFile)
    return [step for step in transforms if isinstance(step, kinds)]


def iter_datasets(dataset: Dataset) -> Iterator[Dataset]:
    """Yield the data sets inside any wrappers."""
    if hasattr(dataset, 'datasets'):  # ConcatDataset
        for child in dataset.datasets:
            yield from iter_datasets(child)
    elif hasattr(dataset, 'dataset'):  # RepeatDataset and its like
        yield from iter_datasets(dataset.dataset)
    elif hasattr(dataset, 'get_data_info'):
        yield dataset


def iter_infos(dataset: Dataset) -> Iterator[dict]:
    """Yield what is known of each image once, through any wrappers.

    Yields:
        dict: What the data set says of the image, ``sample_id`` where the
        data set or its pipeline gives one, and ``classes``, the names.
    """
    for child in iter_datasets(dataset):
        transforms = child.pipeline.transforms
        add_id = [t for t in transforms if isinstance(t, AddSampleId)]
        classes = child.metainfo.get('classes')
        for index in range(len(child)):
            info = child.get_data_info(index)
            for transform in add_id:
                info = transform(info)
            yield {**info, 'classes': classes}


def iter_observed(dataset: Dataset) -> Iterator[dict]:
    """Yield each image with the labels that the pipeline leaves it.

    Yields:
        dict: As :func:`iter_infos` without ``classes``; labels without
        ``neg_label`` are complete.
    """
    for _, after in iter_changes(dataset):
        yield after


def iter_changes(dataset: Dataset) -> Iterator[Tuple[dict, dict]]:
    """Yield each image as the data set has it, and as training sees it.

    Yields:
        tuple[dict, dict]: Before and after the transforms of labels and
        identity.
    """
    for child in iter_datasets(dataset):
        transforms = label_steps(child.pipeline.transforms)
        for index in range(len(child)):
            before = child.get_data_info(index)
            after = dict(before)
            for transform in transforms:
                after = transform(after)
            yield before, after


def has_negative(dataset: Dataset) -> bool:
    """Whether training sees a known negative of any image.

    Looks at the labels image by image, up to the first that has one. Labels
    that are complete have some.
    """
    return any(
        'neg_label' not in info or len(info['neg_label'])
        for info in iter_observed(dataset)
    )


def has_unobserved(dataset: Dataset, num_classes: int) -> bool:
    """Whether training does not see some label of any of K classes.

    Looks at the labels image by image, up to the first that lacks one.
    """
    return any(
        'neg_label' in info
        and len(info['gt_label']) + len(info['neg_label']) < num_classes
        for info in iter_observed(dataset)
    )


def count_observed(
    dataset: Dataset, num_classes: int
) -> Optional[Tuple[np.ndarray, np.ndarray]]:
    """Count the labels that the pipeline leaves, without an image.

    Args:
        dataset (Dataset): In any wrappers.
        num_classes (int): K.

    Returns:
        tuple[ndarray, ndarray] | None: Observed positives and observed labels
        of each class, int64 ``(K,)``; None where an image has no list of
        labels.

    Raises:
        ValueError: If a label is none of the classes.
    """
    # Of partial labels: present, absent; of complete ones: present.
    counts = np.zeros((3, num_classes), np.int64)
    num_complete = 0
    for info in iter_observed(dataset):
        if 'gt_label' not in info:
            return None
        complete = 'neg_label' not in info
        num_complete += complete
        kinds = ((2, 'gt_label'),) if complete else ENTRIES
        for row, name in kinds:
            labels = np.array(info[name], np.int64).reshape(-1)
            if len(labels):
                _refuse_outside(labels, num_classes, info)
                counts[row, labels] += 1
    present, absent, dense = counts
    return present + dense, present + absent + num_complete


def _refuse_outside(labels: np.ndarray, num_classes: int, info: dict) -> None:
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ValueError(
            f'{info.get("img_path", "An image")} has the labels '
            f'{labels.tolist()}, but a label must be in [0, {num_classes}), '
            'the indices of the classes.'
        )


def build_bare(cfg: Config, split: str) -> Dataset:
    """Build the data set of a config, its pipeline cut to ``AddSampleId``.

    Args:
        cfg (Config): The config.
        split (str): 'train', 'val' or 'test'.

    Returns:
        Dataset: With the labels of its files: nothing is hidden.

    Raises:
        ValueError: If the config has no such split.
    """
    loader = cfg.get(f'{split}_dataloader')
    if loader is None:
        raise ValueError(
            f'{cfg.filename}: has no `{split}_dataloader`; choose a split '
            'that it has.'
        )
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        return DATASETS.build(_cut_pipelines(loader['dataset'].to_dict()))


def _cut_pipelines(dataset: dict) -> dict:
    """Leave only the identity in a data set's pipeline and its children's."""
    cut = dict(dataset)
    if 'pipeline' in cut:
        cut['pipeline'] = [
            step for step in cut['pipeline'] if 'AddSampleId' in step['type']
        ]
    if 'dataset' in cut:
        cut['dataset'] = _cut_pipelines(cut['dataset'])
    if 'datasets' in cut:
        cut['datasets'] = [_cut_pipelines(d) for d in cut['datasets']]
    return cut
