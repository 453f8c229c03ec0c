"""The observed labels of a data set, drawn or made elsewhere."""

from itertools import chain
from typing import Iterable, Optional, Tuple

from mmengine.config import Config

from mmwsml.datasets.observation import (
    find_draw_fault,
    observe_by_hash,
    observe_by_spml,
    observe_fixed_per_class,
)
from mmwsml.label_files.observed_labels import Observation

from ..label_files.arrange import arrange
from ..label_files.bad_entries import BadEntries
from ..label_files.image_finder import ImageFinder
from ..label_files.label_matrix import read_matrix
from ..label_files.observed_elsewhere import read_elsewhere
from ..label_files.read_options import ReadOptions
from .bare_split import BareSplit, build_sets, read_sets


def draw_paper_labels(
    cfg: Config, split: str, seed: int
) -> Tuple[BareSplit, Iterable[Observation], Optional[str]]:
    """Draw labels as the paper does, of whole data sets.

    The draw of an image depends on those before it: wrappers such as
    :class:`ValidationSplit` and options such as ``indices`` are looked
    through, and the generator begins anew in each data set.

    Args:
        cfg (Config): The config.
        split (str): 'train', 'val' or 'test'.
        seed (int): Names one draw; the paper's is 1200.

    Returns:
        tuple[BareSplit, Iterable[Observation], str | None]: The images, what
        is observed of them, and why that cannot be the paper's own draw,
        None where it is.

    Raises:
        ValueError: As :func:`read_split`, or if labels are partial.
    """
    datasets = build_sets(cfg, split)
    whole = read_sets(datasets, cfg, split)
    start, drawn, faults = 0, [], []
    for dataset in datasets:
        infos = whole.infos[start : start + len(dataset)]
        start += len(dataset)
        drawn.append(observe_by_spml(infos, len(whole.classes), seed))
        faults.append(find_draw_fault(dataset, seed))
    fault = next(filter(None, faults), None)
    return whole, chain.from_iterable(drawn), fault


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
            :data:`mmwsml.label_files.generators.GENERATORS`. 'spml' takes the
            images for all of an official split.
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
    if num_per_class is not None:
        return observe_fixed_per_class(
            split.infos, num_classes, num_per_class, seed
        )
    if generator == 'spml':
        return observe_by_spml(split.infos, num_classes, seed)
    return observe_by_hash(split.infos, seed)


def read_observations(
    split: BareSplit,
    path: str,
    unknown: int,
    bad: BadEntries,
    whole: Optional[BareSplit] = None,
    options: Optional[ReadOptions] = None,
) -> Iterable[Observation]:
    """Read labels observed elsewhere, and check them with the data set.

    Args:
        split (BareSplit): The images.
        path (str): A matrix (.npy), or what :func:`read_elsewhere` reads.
        unknown (int): What means unknown in a matrix, 0 or -1.
        bad (BadEntries): Takes what breaks a rule.
        whole (BareSplit, optional): All images of the data set, which the
            file may be of. Defaults to None: the split is the data set.
        options (ReadOptions, optional): How another file than a matrix is
            read. Defaults to None, as it says itself.

    Returns:
        Iterable[Observation]: Of each image of the split, and of the others
        that the file knows.
    """
    whole = whole or split
    classes, infos = whole
    ids = [info['sample_id'] for info in infos]
    own = {info['sample_id'] for info in split.infos}
    if path.endswith('.npy'):
        parts = [[i['sample_id'] for i in split.infos], ids]
        rows = read_matrix(path, parts, len(classes), unknown)
        images = {image.sample_id: image for image in rows}
    else:
        options = options or ReadOptions()
        images = read_elsewhere(path, ImageFinder(ids), classes, options, bad)
    wanted = own.union(images)
    infos = [info for info in infos if info['sample_id'] in wanted]
    return arrange(images, infos, bad, path)
