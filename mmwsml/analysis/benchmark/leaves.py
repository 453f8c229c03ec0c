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
    linear_init: bool = False


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
    leaves = {}
    paths = configs.glob(f'*/*_{dataset}-*.py')
    for path in sorted(paths, key=lambda path: (len(path.stem), path.stem)):
        match = NAME.fullmatch(path.stem)
        if not match:
            continue
        names = match.group('method', 'backbone', 'dataset', 'labels')
        leaf = Leaf(path, *names, 'linearinit' in match['schedule'])
        if leaf[2:4] + leaf[5:] == (backbone, dataset, linear_init):
            leaves.setdefault(leaf.method, leaf)
    return sorted(leaves.values(), key=lambda leaf: leaf.method)
