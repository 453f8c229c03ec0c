"""The images of a config's data sets, with the labels of their files."""

from typing import Any, Callable, List, NamedTuple

from mmengine.config import Config
from mmengine.dataset import BaseDataset

from mmwsml.datasets.infos import build_bare, build_whole, iter_infos


class BareSplit(NamedTuple):
    """The images of a split, with the labels of its files."""

    classes: List[str]
    infos: List[dict]


def read_split(cfg: Config, split: str) -> BareSplit:
    """Read the images of a config's split.

    Args:
        cfg (Config): The config.
        split (str): 'train', 'val' or 'test'.

    Returns:
        BareSplit: Classes and images.

    Raises:
        ValueError: If the config has no such split, the split is empty, has
            no classes or an image without identity, or twice.
    """
    return read_sets([_build(build_bare, cfg, split)], cfg, split)


def read_whole(cfg: Config, split: str) -> BareSplit:
    """Read all images of the data sets that a config's split takes some of.

    Args:
        cfg (Config): The config.
        split (str): 'train', 'val' or 'test'.

    Returns:
        BareSplit: Classes and images, whatever wraps the data sets.

    Raises:
        ValueError: As :func:`read_split`.
    """
    return read_sets(build_sets(cfg, split), cfg, split)


def build_sets(cfg: Config, split: str) -> List[BaseDataset]:
    """Build what :func:`read_whole` reads; none where all are empty."""
    return _build(build_whole, cfg, split)


def _build(
    build: Callable[[Config, str], Any], cfg: Config, split: str
) -> Any:
    try:
        return build(cfg, split)
    except ValueError as error:
        if 'need at least one array' not in str(error):
            raise
        return []  # MMEngine cannot serialise an empty list


def read_sets(
    datasets: List[BaseDataset], cfg: Config, split: str
) -> BareSplit:
    """Read the images of data sets of a config's split, as there."""
    place = f'{cfg.filename}, {split}_dataloader'
    infos = [info for part in datasets for info in iter_infos(part)]
    if not infos:
        raise ValueError(f'{place}: the data set is empty; check its files.')
    classes = infos[0]['classes']
    if not classes:
        raise ValueError(
            f'{place}: the data set has no `classes`; give them in the config.'
        )
    seen = set()
    for info in infos:
        sample_id = info.get('sample_id')
        if sample_id is None or sample_id in seen:
            fault = 'has no' if sample_id is None else 'shares its'
            raise ValueError(
                f'{place}: the image {info["img_path"]} {fault} `sample_id`; '
                'put mmwsml.AddSampleId first in its pipeline, with a '
                '`namespace` of its own.'
            )
        seen.add(sample_id)
    return BareSplit(list(classes), infos)
