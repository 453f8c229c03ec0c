"""The config that a run wrote down, read as data.

The Runner writes it to the work dir as Python, which ``Config.fromfile`` would
run: whoever reads what somebody else's run did would run what they wrote.
"""

import ast
from pathlib import Path
from typing import Any, Dict, Optional

from mmengine.config import Config

from mmwsml.datasets.infos import bare_config
from mmwsml.inference.registered_parts import check_parts

#: Data sets that read text, JSON and XML, and what may wrap them.
DATA = dict(
    DATASETS=(
        'mmwsml.datasets',
        'mmengine.dataset.dataset_wrapper',
        'mmpretrain.datasets.dataset_wrappers',
        'mmpretrain.datasets.multi_label',
        'mmpretrain.datasets.voc',
    ),
    TRANSFORMS=('mmwsml.datasets.transforms',),
)
NUMBERS = {'inf': float('inf'), 'nan': float('nan')}


def find_config(run: Path) -> Path:
    """Find the config that the Runner wrote to a work dir.

    Raises:
        FileNotFoundError: If there is none, or several.
    """
    configs = sorted(run.glob('*.py'))
    if len(configs) != 1:
        raise FileNotFoundError(
            f'{run} holds {len(configs)} configs, but a run has one: name the '
            'folder that tools/train.py wrote to.'
        )
    return configs[0]


def read_config(path: Path) -> Config:
    """Read the config of a run; nothing of it runs.

    Raises:
        ValueError: If the file holds more than values.
    """
    try:
        content = read_dump(path.read_text(encoding='utf-8'))
        return Config(content, filename=str(path))
    except (
        ValueError,
        TypeError,
        KeyError,
        RecursionError,
        MemoryError,
    ) as error:
        raise ValueError(
            f'{path}: is not what a run writes to its work dir ({error}); it '
            'was not run. Name the folder that tools/train.py wrote to.'
        ) from error


def read_training_set(run: Path, remedy: str, with_labels: bool) -> dict:
    """Read how the training set of a run is built, without what loads images.

    Args:
        run (Path): Its work dir.
        remedy (str): What to do if it is refused, for the message.
        with_labels (bool): As in :func:`bare_config`.

    Returns:
        dict: Config of a data set that runs no code as it is built.

    Raises:
        FileNotFoundError: If the folder holds no config, or several.
        ValueError: If the config is a program, or names a data set that is
            not of the mm packages, or a file that may hold a program.
    """
    path = find_config(run)
    dataset = bare_config(read_config(path), 'train', with_labels)
    check_parts(dataset, DATA, str(path), remedy)
    return dataset


def read_dump(text: str) -> Dict[str, Any]:
    """Read assignments of literals and of calls of ``dict``.

    Args:
        text (str): As the Runner writes a config.

    Returns:
        dict: Names -> values.

    Raises:
        ValueError: If there is anything else; the message names its line.
    """
    found = {}
    try:
        lines = ast.parse(text).body
    except SyntaxError as error:
        raise ValueError(f'line {error.lineno} is no Python') from error
    for line in lines:
        if isinstance(line, ast.Assign) and len(line.targets) == 1:
            name = line.targets[0]
            if isinstance(name, ast.Name):
                found[name.id] = _value(line.value)
                continue
        raise ValueError(f'line {line.lineno} assigns no value to a name')
    return found


def _value(node: Optional[ast.expr]) -> Any:
    if isinstance(node, ast.Call) and getattr(node.func, 'id', '') == 'dict':
        found = {}
        for argument in node.args:  # names that are no identifiers
            found.update(_value(argument))
        named = {x.arg: _value(x.value) for x in node.keywords}
        if None not in named:  # the name of `**`
            return {**found, **named}
    if isinstance(node, ast.Dict) and None not in node.keys:
        pairs = zip(node.keys, node.values)
        return {_value(k): _value(v) for k, v in pairs if k}
    if isinstance(node, ast.List):
        return [_value(item) for item in node.elts]
    if isinstance(node, ast.Tuple):
        return tuple(_value(item) for item in node.elts)
    if isinstance(node, ast.Name) and node.id in NUMBERS:
        return NUMBERS[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.Constant):
        return node.value
    line = getattr(node, 'lineno', 0)
    shown = ast.dump(node)[:60] if node else None
    raise ValueError(f'line {line} holds {shown}, not a value')
