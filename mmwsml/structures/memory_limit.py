"""The memory there is, and what is refused because it does not fit."""

import os
from pathlib import Path

import torch

from .processes import num_local_processes

#: Where Linux says what a container may take, in its two versions.
LIMITS = (
    '/sys/fs/cgroup/memory.max',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes',
)


def physical_memory() -> int:
    """Return the bytes of the machine's memory, or of its container's."""
    sizes = [os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES')]
    for path in map(Path, LIMITS):
        limit = (
            path.read_text(encoding='utf-8').strip() if path.is_file() else ''
        )
        if limit.isdigit():  # it may be "max"
            sizes.append(int(limit))
    return min(sizes)


def refuse_bytes(what: str, num_bytes: int, remedy: str) -> None:
    """Refuse what is larger than the machine's memory, before it is made.

    Args:
        what (str): What takes the bytes, the subject of the message.
        num_bytes (int): On each process.
        remedy (str): What to do instead, the end of the message.

    Raises:
        ValueError: If the machine has less memory than its processes take.
    """
    memory, processes = physical_memory(), num_local_processes()
    if num_bytes * processes > memory:
        raise ValueError(
            f'{what} takes {num_bytes / 1e9:.1f} GB on each process, but '
            f'this machine has {memory / 1e9:.1f} GB of memory for '
            f'{processes} of them: {remedy}.'
        )


def refuse_parameter(
    what: str, num_bytes: int, num_copies: int, remedy: str
) -> None:
    """Refuse a parameter that cannot be trained, before it is made.

    It is made in the machine's memory, and trained on the GPU if there is one.

    Args:
        what (str): As in :func:`refuse_bytes`.
        num_bytes (int): Of the parameter.
        num_copies (int): Of as many bytes that training takes, the parameter
            included.
        remedy (str): As in :func:`refuse_bytes`.

    Raises:
        ValueError: If there is less memory.
    """
    if torch.cuda.is_available():
        device = torch.cuda.current_device()
        memory = torch.cuda.get_device_properties(device).total_memory
        if num_bytes * num_copies > memory:
            raise ValueError(
                f'{what} takes {num_bytes * num_copies / 1e9:.1f} GB, but the '
                f'GPU has {memory / 1e9:.1f} GB of memory: {remedy}.'
            )
        num_copies = 1
    refuse_bytes(what, num_bytes * num_copies, remedy)
