"""The configs below ``configs/``, found by their names."""

import re
from pathlib import Path
from typing import List, NamedTuple

#: The pattern that tests/test_configs.py holds every config to.
NAME = re.compile(
    r'(?P<method>[a-z0-9-]+)_(?P<backbone>[a-z0-9-]+)'
    r'(?:_(?P<init>[a-z0-9]+)-pre)?'
    r'_\d+xb\d+-(?P<schedule>[a-z0-9-]+)-\d+e'
    r'_(?P<dataset>[a-z0-9]+)-(?P<labels>[a-z0-9]+)(?:-\d+px)?'
)


class Leaf(NamedTuple):
    """A config, and what its name says."""

    path: Path
    method: str
    backbone: str
    dataset: str
    labels: str


def find_leaves(configs: Path, backbone: str, dataset: str) -> List[Leaf]:
    """Find the config of every method for a backbone and a data set.

    Of several configs of one method the one with the shortest name is taken:
    the plain schedule, one positive label.

    Args:
        configs (Path): The folder with a folder for each method.
        backbone (str): As in the names.
        dataset (str): As in the names.

    Returns:
        list[Leaf]: One for each method, in the order of their names.
    """
    leaves = {}
    paths = configs.glob(f'*/*_{dataset}-*.py')
    for path in sorted(paths, key=lambda path: (len(path.stem), path.stem)):
        match = NAME.fullmatch(path.stem)
        if match and (backbone, dataset) == match.group('backbone', 'dataset'):
            names = match.group('method', 'backbone', 'dataset', 'labels')
            leaves.setdefault(names[0], Leaf(path, *names))
    return sorted(leaves.values(), key=lambda leaf: leaf.method)
