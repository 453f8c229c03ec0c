"""What is known of each image of a data set, before its transforms."""

from itertools import takewhile
from typing import Any, Iterator, List, Sequence, Tuple

from mmcv.transforms import LoadImageFromFile
from mmengine.config import Config
from mmengine.dataset import BaseDataset
from mmengine.registry import DefaultScope
from mmpretrain.registry import DATASETS
from torch.utils.data import Dataset

from .transforms import AddSampleId, LoadObservedLabels
from .transforms.hide_labels import HideLabels

#: Transforms that look at nothing but labels and identity.
LABELLERS = (AddSampleId, HideLabels, LoadObservedLabels)
#: Options of a data set that leave some of its images out.
CHOOSERS = ('indices', 'keep_images')


def label_steps(transforms: Sequence[Any]) -> List[Any]:
    """Keep the transforms that decide what is known of an image.

    Reading it is among them where one of them looks at its size.
    """
    kinds: tuple = LABELLERS
    if any(getattr(step, 'needs_size', False) for step in transforms):
        kinds = (*kinds, LoadImageFromFile)
    return [step for step in transforms if isinstance(step, kinds)]


def iter_datasets(dataset: Dataset) -> Iterator[BaseDataset]:
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
        for index in range(len(child)):
            before = child.get_data_info(index)
            yield before, observe_info(child, before)


def observe_info(dataset: BaseDataset, info: dict) -> dict:
    """Return what a data set's own pipeline leaves known of an image."""
    info = dict(info)
    for transform in label_steps(dataset.pipeline.transforms):
        info = transform(info)
    return info


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
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        return DATASETS.build(bare_config(cfg, split))


def build_whole(cfg: Config, split: str) -> List[BaseDataset]:
    """Build the data sets inside a config's wrappers, all images of each.

    Args:
        cfg (Config): The config.
        split (str): 'train', 'val' or 'test'.

    Returns:
        list[BaseDataset]: As of :func:`build_bare`, without the wrappers and
        options that leave images out or repeat them; each data set once.

    Raises:
        ValueError: If the config has no such split.
    """
    whole: List[dict] = []
    for child in _iter_leaves(bare_config(cfg, split)):
        if child not in whole:
            whole.append(child)
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        return [DATASETS.build(child) for child in whole]


def bare_config(cfg: Config, split: str, with_labels: bool = False) -> dict:
    """Cut the pipelines of a data set to what looks at no image.

    Args:
        cfg (Config): The config.
        split (str): 'train', 'val' or 'test'.
        with_labels (bool): Keep what stands in front of the transform that
            loads the image, not ``AddSampleId`` alone. Defaults to False.

    Returns:
        dict: Config of the data set.

    Raises:
        ValueError: If the config has no such split.
    """
    loader = cfg.get(f'{split}_dataloader')
    if loader is None:
        raise ValueError(
            f'{cfg.filename}: has no `{split}_dataloader`; choose a split '
            'that it has.'
        )
    return _cut_pipelines(loader['dataset'].to_dict(), with_labels)


def _iter_leaves(dataset: dict) -> Iterator[dict]:
    """Yield the configs of the data sets inside any wrappers."""
    children = dataset.get('datasets') or [dataset.get('dataset')]
    if children == [None]:
        yield {k: v for k, v in dataset.items() if k not in CHOOSERS}
        return
    for child in children:
        yield from _iter_leaves(child)


def _cut_pipelines(dataset: dict, with_labels: bool) -> dict:
    """Cut a data set's pipeline and its children's."""
    cut = dict(dataset)
    if 'pipeline' in cut:
        steps = cut['pipeline']
        cut['pipeline'] = (
            list(takewhile(lambda step: not _loads(step['type']), steps))
            if with_labels
            else [step for step in steps if 'AddSampleId' in step['type']]
        )
    if 'dataset' in cut:
        cut['dataset'] = _cut_pipelines(cut['dataset'], with_labels)
    if 'datasets' in cut:
        cut['datasets'] = [
            _cut_pipelines(child, with_labels) for child in cut['datasets']
        ]
    return cut


def _loads(name: str) -> bool:
    """Whether a transform of this name loads an image, or its features."""
    return 'Load' in name and 'LoadObservedLabels' not in name
