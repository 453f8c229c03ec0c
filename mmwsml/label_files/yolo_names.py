"""The names of the classes of a data set of YOLO."""

from pathlib import Path
from typing import List, Optional

import yaml

from mmwsml.label_files.class_names import check_names
from mmwsml.label_files.read_options import read_names

#: Names of files that list the classes, a name a line.
LISTS = ('classes.txt', 'obj.names')
NUM_LEVELS = 3  # the folder and those above: labels/train is the deepest


def find_names(folder: Path) -> List[str]:
    """Find the names of the classes in a folder or above it.

    Args:
        folder (Path): Of the data set, or a part of it.

    Returns:
        list[str]: Those of a list of classes or of a YAML file, such as
        ``data.yaml``.

    Raises:
        ValueError: If there are none, or of several files.
    """
    folder = folder.absolute()
    for place in [folder, *folder.parents][:NUM_LEVELS]:
        lists = [place / name for name in LISTS if (place / name).is_file()]
        found = {str(path): read_names(str(path)) for path in lists}
        for path in sorted([*place.glob('*.yaml'), *place.glob('*.yml')]):
            names = _read_yaml(path)
            if names is not None:
                found[str(path)] = names
        if len({tuple(names) for names in found.values()}) > 1:
            raise ValueError(
                f'{place}: {" and ".join(found)} name different classes; '
                'write the right names to a file, a name a line, and give it '
                'with --names.'
            )
        if found:
            return next(iter(found.values()))
    raise ValueError(
        f'{folder}: labels of YOLO are numbers, and no data.yaml or '
        'classes.txt there names the classes; write a file with a name a '
        'line, and give it with --names.'
    )


def _read_yaml(path: Path) -> Optional[List[str]]:
    """Return the ``names`` of a YAML file, None if it has none."""
    try:
        data = yaml.safe_load(path.read_bytes())
    except (yaml.YAMLError, ValueError, RecursionError, OSError) as error:
        raise ValueError(
            f'{path}: cannot be read as YAML ({str(error)[:200]}); correct '
            'it, or name the classes with --names.'
        ) from error
    names = data.get('names') if isinstance(data, dict) else None
    if names is None:
        return None
    if isinstance(names, dict):
        if sorted(map(str, names)) != sorted(map(str, range(len(names)))):
            raise ValueError(
                f'{path}: the keys of its "names" must be the numbers from 0 '
                f'to {len(names) - 1}, but are {str(list(names))[:200]}; '
                'correct it, or name the classes with --names.'
            )
        by_number = {int(number): name for number, name in names.items()}
        names = [by_number[n] for n in range(len(names))]
    # YAML reads the names of numbers, yes and no as something else.
    names = names if isinstance(names, list) else [names]
    odd = [name for name in names if type(name) not in (str, int)]
    check_names(f'{path}: its "names"', odd or list(map(str, names)))
    return list(map(str, names))
