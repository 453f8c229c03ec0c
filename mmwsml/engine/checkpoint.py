"""Reading checkpoints without running code from them."""

import os
from typing import Any

import torch
from mmengine.runner import CheckpointLoader


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
        ValueError: If the file holds anything else; nothing of it was run.
    """
    path = os.path.expanduser(filename)
    if not os.path.isfile(path):
        raise FileNotFoundError(
            f'The checkpoint {filename} does not exist: check its path.'
        )
    try:
        return torch.load(path, map_location=map_location, weights_only=True)
    except OSError:  # not the content's fault, such as a missing permission
        raise
    except Exception as error:  # damaged pickles raise almost anything
        raise ValueError(
            f'The checkpoint {filename} is damaged or holds more than plain '
            'tensors, numbers and lists, and was refused: keep its weights '
            'alone with `python tools/extract_weights.py IN OUT`, which runs '
            'no code of it, and load those.'
        ) from error
