"""What the name of a config says."""

import re
from typing import NamedTuple

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
    names = match.group('method', 'backbone', 'dataset', 'labels')
    linear_init = 'linearinit' in match['schedule']
    return ConfigName._make([*names, linear_init, match['size'] or ''])
