"""Reading checkpoints without running code from them."""

import errno
import os
from typing import Any, Dict, Optional, Tuple, Union

import torch
from mmengine.runner import CheckpointLoader

from mmwsml.structures.format_version import check_format_version
from mmwsml.structures.short_value import short_value

#: Where ``meta`` says by which version of mmwsml's forms it is written.
VERSION_KEY = 'mmwsml_format'
#: What a checkpoint may hold, and of which types.
PARTS: Dict[str, Union[type, Tuple[type, ...]]] = dict(
    meta=dict,
    state_dict=dict,
    ema_state_dict=dict,
    message_hub=dict,
    optimizer=dict,
    param_schedulers=(list, dict),
)


def refuse_pickled_code() -> None:
    """Make this process load plain weights and refuse anything else.

    One family of MMEngine falls back to a full unpickling, which runs code
    from the file, where the safe way fails. Files on this machine are refused
    in a sentence of ours, downloads by torch.
    """
    os.environ['TORCH_FORCE_WEIGHTS_ONLY_LOAD'] = '1'
    # Its contrary: torch takes only one of them.
    os.environ.pop('TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD', None)
    CheckpointLoader.register_scheme('', load_from_plain_file, force=True)


def load_from_plain_file(filename: str, map_location: Any = None) -> dict:
    """Load a checkpoint that holds tensors, numbers, lists and dicts only.

    Args:
        filename (str): Path of the checkpoint.
        map_location (str, optional): As in :func:`torch.load`.

    Returns:
        dict: The checkpoint.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file holds anything else, nothing of it was run,
            a part of it is of another type than MMEngine saves, or a later
            version of mmwsml wrote it.
    """
    path = os.path.expanduser(filename)
    if not os.path.isfile(path):
        raise FileNotFoundError(
            f'The checkpoint {filename} does not exist: check its path.'
        )
    try:
        content = torch.load(
            path, map_location=map_location, weights_only=True
        )
    except Exception as error:  # damaged pickles raise almost anything
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise  # not the content's fault, such as a missing permission
        raise ValueError(
            f'The checkpoint {filename} is damaged or holds more than plain '
            'tensors, numbers and lists, and was refused: keep its weights '
            'alone with `python tools/extract_weights.py IN OUT`, which runs '
            'no code of it, and load those.'
        ) from error
    fault = _find_fault(content)
    if fault:
        raise ValueError(
            f'The checkpoint {filename} is damaged or not of MMEngine: '
            f'{fault}; take another file.'
        )
    version = content.get('meta', {}).get(VERSION_KEY)
    check_format_version(version, f'The checkpoint {filename}')
    return content


def _find_fault(content: object) -> Optional[str]:
    """Say which part of a checkpoint is of a wrong type, if one is."""
    if not isinstance(content, dict):
        return f'it must be a dict, but is {short_value(content)}'
    for name, kinds in PARTS.items():
        part = content.get(name, {})
        if not isinstance(part, kinds):
            return f'`{name}` is {short_value(part)}'
    for name in ('state_dict', 'ema_state_dict'):
        odd = [x for x in content.get(name, ()) if not isinstance(x, str)]
        if odd:
            return f'`{name}` has the key {short_value(odd[0])}, no text'
    return _find_meta_fault(content.get('meta', {}))


def _find_meta_fault(meta: dict) -> Optional[str]:
    """Say which number or name beside the weights is none, if one is not."""
    data = meta.get('dataset_meta')
    data = {} if data is None else data
    if not isinstance(data, dict):
        return f'`meta.dataset_meta` is {short_value(data)} and no dict'
    for name, values, kinds in (
        ('dataset_meta.classes', data.get('classes'), (str, int)),
        ('thresholds', meta.get('thresholds'), (int, float)),
    ):
        good = isinstance(values, (list, tuple)) and all(
            type(value) in kinds for value in values
        )
        if values is not None and not good:
            return f'`meta.{name}` is {short_value(values)}'
    for name in ('epoch', 'iter'):
        number = meta.get(name, 0)
        if type(number) is not int or number < 0:
            return f'`meta.{name}` is {short_value(number)} and no number'
    return None
