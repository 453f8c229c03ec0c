"""The configs below ``configs/``, found by their names."""

from pathlib import Path
from typing import Dict, List, NamedTuple

from mmwsml.benchmark.config_names import NAME, read_name


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
