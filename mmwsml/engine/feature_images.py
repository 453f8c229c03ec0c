"""The images of a config as they go through a model for their features."""

from typing import Dict, List, Sequence

from mmengine.config import Config
from mmengine.dataset import default_collate
from mmengine.registry import DefaultScope
from mmpretrain.registry import TRANSFORMS
from torch.utils.data import ConcatDataset, DataLoader, Dataset, Subset

from mmwsml.datasets.infos import LABELLERS, build_bare, iter_datasets

#: What can be asked for.
SPLITS = ('train', 'val', 'test')


def find_pipelines(
    cfg: Config, splits: Sequence[str]
) -> Dict[str, List[dict]]:
    """Find how the images of splits become inputs, without augmentation.

    Args:
        cfg (Config): The config.
        splits (Sequence[str]): Of :data:`SPLITS`.

    Returns:
        dict[str, list[dict]]: The transforms of validation for the training
        images, else their own; those that name an image or look at its labels
        are left out.

    Raises:
        ValueError: If the config has no data set to take them from.
    """
    return {split: _find_pipeline(cfg, split) for split in splits}


def build_images(
    cfg: Config, pipelines: Dict[str, List[dict]]
) -> ConcatDataset:
    """Build the data sets of splits one after another.

    Args:
        cfg (Config): The config.
        pipelines (dict[str, list[dict]]): From :func:`find_pipelines`.

    Returns:
        ConcatDataset: Its items are inputs of the model.

    Raises:
        ValueError: If the config has no such split.
    """
    datasets: List[Dataset] = []
    for split, pipeline in pipelines.items():
        with DefaultScope.overwrite_default_scope('mmpretrain'):
            transforms = [TRANSFORMS.build(step) for step in pipeline]
        for dataset in iter_datasets(build_bare(cfg, split)):
            dataset.pipeline.transforms += transforms
            dataset.test_mode = True  # an image that fails is not replaced
            datasets.append(dataset)
    return ConcatDataset(datasets)


def make_loader(
    cfg: Config, images: Dataset, indices: Sequence[int]
) -> DataLoader:
    """Load some images in order, in batches of the first loader there is.

    That is the one of training: its smaller batches are quicker on a CPU,
    where memory of over 32 MB is fetched from the system each time.
    """
    loaders = [cfg.get(f'{name}_dataloader') for name in SPLITS]
    loader = next(loader for loader in loaders if loader)
    return DataLoader(
        Subset(images, indices),
        batch_size=loader.get('batch_size', 1),
        num_workers=loader.get('num_workers', 0),
        collate_fn=default_collate,
    )


def _find_pipeline(cfg: Config, split: str) -> List[dict]:
    sources = ('val', 'test') if split == 'train' else (split,)
    loaders = [cfg.get(f'{name}_dataloader') for name in sources]
    loaders = [loader for loader in loaders if loader]
    if not loaders:
        raise ValueError(
            f'{cfg.filename}: has no `{sources[0]}_dataloader`, whose '
            f'pipeline the images of {split} go through; add one, or choose '
            'other --splits.'
        )
    dataset = loaders[0].dataset.to_dict()
    while 'pipeline' not in dataset:  # inside a wrapper
        children = dataset.get('datasets') or [dataset['dataset']]
        dataset = children[0]
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        return [
            step
            for step in dataset['pipeline']
            if not issubclass(TRANSFORMS.get(step['type']), LABELLERS)
        ]
