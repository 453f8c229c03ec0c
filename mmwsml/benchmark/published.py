"""What papers printed, read from the one file that holds it."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple, Optional, Tuple

from .config_names import read_name

FILE = Path(__file__).with_name('published.csv')
GROUPS = ('G1', 'G2', 'G3', 'G4', 'G5')
#: Backbone and image size of the published runs; where they differ, by data
#: set.
PROTOCOL = ('resnet50', '448px')
PROTOCOLS = {'openimagesv3': ('resnet101', '224px')}


class Published(NamedTuple):
    """A row of a paper's table; mAP in percent, as printed."""

    #: As the folder of its configs.
    method: str
    #: As in the names of configs.
    dataset: str
    #: ``e2e``, all layers from the start, or ``linearinit``.
    init: str
    score: float
    #: mAP of the groups of classes G1 to G5; empty where there are none.
    groups: Tuple[float, ...]
    #: The paper whose table it is; for a baseline not that of the method.
    source: str


@cache
def read_published(path: Path = FILE) -> Tuple[Published, ...]:
    """Read all published numbers.

    Args:
        path (Path): A CSV with columns as the file of the package, which is
            the default.

    Returns:
        tuple[Published]: In the order of the file.

    Raises:
        ValueError: If a number is none or a row stands there twice.
    """
    rows = {}
    with path.open(newline='', encoding='utf-8') as file:
        for number, line in enumerate(csv.DictReader(file), 2):
            row = _read_row(line, f'{path}, line {number}')
            if row[:3] in rows:
                raise ValueError(
                    f'{path}, line {number}: method, dataset and init must '
                    f'stand there once, but {" ".join(row[:3])} does twice; '
                    'remove a line.'
                )
            rows[row[:3]] = row
    return tuple(rows.values())


def _read_row(line: dict, place: str) -> Published:
    try:
        score = float(line['mAP'])
        groups = tuple(float(line[name]) for name in GROUPS if line[name])
    except ValueError as error:
        raise ValueError(
            f'{place}: mAP and {GROUPS[0]} to {GROUPS[-1]} must be percents '
            f'or, for the groups, blank, but {error}.'
        ) from None
    names = (line['method'], line['dataset'], line['init'])
    return Published(*names, score, groups, line['source'])


def find_published(
    method: str, dataset: str, init: str = 'e2e'
) -> Optional[Published]:
    """Find what was published for a method on a data set.

    Args:
        method (str): As the folder of its configs, such as ``ll-ct``.
        dataset (str): As in the names of configs, such as ``voc12``.
        init (str): ``e2e`` or ``linearinit``. Defaults to ``e2e``.

    Returns:
        Published | None: None where nothing was.
    """
    for row in read_published():
        if row[:3] == (method, dataset, init):
            return row
    return None


def find_published_run(stem: str) -> Optional[Published]:
    """Find what was published for a config.

    Args:
        stem (str): Its name.

    Returns:
        Published | None: None where nothing was, or with another backbone or
        image size.

    Raises:
        ValueError: If the name does not have the form of all names.
    """
    name = read_name(stem)
    protocol = PROTOCOLS.get(name.dataset, PROTOCOL)
    if (name.backbone, name.size) != protocol:
        return None
    init = 'linearinit' if name.linear_init else 'e2e'
    return find_published(name.method, name.dataset, init)
