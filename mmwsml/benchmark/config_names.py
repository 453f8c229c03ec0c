"""What the name of a config says."""

import re
from pathlib import Path
from typing import Dict, List, NamedTuple

#: The pattern that tests/test_configs holds every config to.
NAME = re.compile(
    r'(?P<method>[a-z0-9-]+)_(?P<backbone>[a-z0-9-]+)'
    r'(?:_(?P<init>[a-z0-9]+)-pre)?'
    r'_\d+xb\d+-(?P<schedule>[a-z0-9-]+)-\d+e'
    r'_(?P<dataset>[a-z0-9]+)-(?P<labels>[a-z0-9]+)(?:-(?P<size>\d+px))?'
)


class ConfigName(NamedTuple):
    """The parts of a name that tell methods and data apart."""

    method: str
    backbone: str
    dataset: str
    labels: str
    linear_init: bool
    #: Of the images, such as ``448px``; '' where the name has none.
    size: str


def read_name(stem: str) -> ConfigName:
    """Read the name of a config, without ``.py``.

    Raises:
        ValueError: If it does not have the form of all names.
    """
    match = NAME.fullmatch(stem)
    if match is None:
        raise ValueError(
            f'{stem}: the name of a config must be method_backbone_training_'
            'dataset-labels, as the others are; rename it.'
        )
    names = [match[x] for x in ('method', 'backbone', 'dataset', 'labels')]
    linear_init = 'linearinit' in match['schedule']
    return ConfigName._make([*names, linear_init, match['size'] or ''])


class Leaf(NamedTuple):
    """A config, and what its name says."""

    path: Path
    method: str
    backbone: str
    dataset: str
    labels: str
    linear_init: bool


def find_leaves(
    configs: Path, backbone: str, dataset: str, linear_init: bool = False
) -> List[Leaf]:
    """Find the config of every method for a backbone and a data set.

    Of several configs of one method the one with the shortest name is taken.

    Args:
        configs (Path): The folder with a folder for each method.
        backbone (str): As in the names.
        dataset (str): As in the names.
        linear_init (bool): Whether to take those with LinearInit, not those
            without. Defaults to False.

    Returns:
        list[Leaf]: One for each method, in the order of their names.
    """
    leaves: Dict[str, Leaf] = {}
    paths = configs.glob(f'*/*_{dataset}-*.py')
    for path in sorted(paths, key=lambda path: (len(path.stem), path.stem)):
        if not NAME.fullmatch(path.stem):
            continue
        leaf = Leaf(path, *read_name(path.stem)[:5])
        asked = backbone, dataset, linear_init
        if (leaf.backbone, leaf.dataset, leaf.linear_init) == asked:
            leaves.setdefault(leaf.method, leaf)
    return sorted(leaves.values(), key=lambda leaf: leaf.method)
