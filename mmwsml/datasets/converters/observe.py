"""The observed labels of a data set, drawn or made elsewhere."""

from typing import Iterable, List, NamedTuple, Optional

from mmengine.config import Config

from mmwsml.datasets.infos import build_bare, iter_infos
from mmwsml.datasets.observation import (
    observe_by_hash,
    observe_by_spml,
    observe_fixed_per_class,
)
from mmwsml.datasets.observed_labels import Observation

from .arrange import arrange
from .bad_entries import BadEntries
from .guesses import read_guesses
from .image_finder import ImageFinder
from .index_list import read_index_list
from .label_matrix import read_matrix


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
    place = f'{cfg.filename}, {split}_dataloader'
    try:
        infos = list(iter_infos(build_bare(cfg, split)))
    except ValueError as error:
        if 'need at least one array' not in str(error):
            raise
        infos = []  # MMEngine cannot serialise an empty list
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


def draw_labels(
    split: BareSplit,
    generator: str,
    seed: int,
    num_per_class: Optional[int] = None,
) -> Iterable[Observation]:
    """Draw which labels are observed.

    Args:
        split (BareSplit): The images.
        generator (str): 'hash', 'spml' or 'fpc', as in
            :data:`mmwsml.datasets.observation.GENERATORS`.
        seed (int): Names one draw.
        num_per_class (int, optional): For 'fpc', which needs it.

    Raises:
        ValueError: If ``num_per_class`` is missing, or not for this generator.
    """
    if (generator == 'fpc') != (num_per_class is not None):
        raise ValueError(
            '`num_per_class` is for the generator fpc, which needs it, but '
            f'got {num_per_class} with {generator}.'
        )
    num_classes = len(split.classes)
    if generator == 'hash':
        return observe_by_hash(split.infos, seed)
    if generator == 'spml':
        return observe_by_spml(split.infos, num_classes, seed)
    return observe_fixed_per_class(
        split.infos, num_classes, num_per_class, seed
    )


def read_observations(
    split: BareSplit, path: str, unknown: int, bad: BadEntries
) -> Iterable[Observation]:
    """Read labels observed elsewhere, and check them with the data set.

    Args:
        split (BareSplit): The images.
        path (str): A matrix (.npy), a list of guesses (.csv) or, with any
            other ending, a list of ``file,indices``.
        unknown (int): What means unknown in a matrix, 0 or -1.
        bad (BadEntries): Takes what breaks a rule.
    """
    classes, infos = split
    ids = [info['sample_id'] for info in infos]
    if path.endswith('.npy'):
        rows = read_matrix(path, ids, len(classes), unknown)
        images = {image.sample_id: image for image in rows}
    elif path.endswith('.csv'):
        images = read_guesses(path, ImageFinder(ids), classes, bad)
    else:
        images = read_index_list(path, ImageFinder(ids), len(classes), bad)
    return arrange(images, infos, bad, path)
