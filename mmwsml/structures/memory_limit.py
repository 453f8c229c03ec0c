"""The machine's memory, and what is refused because it does not fit."""

import os


def physical_memory() -> int:
    """Return the bytes of the machine's memory."""
    return os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES')


def refuse_bytes(what: str, num_bytes: int, remedy: str) -> None:
    """Refuse what is larger than the machine's memory, before it is made.

    Args:
        what (str): What takes the bytes, the subject of the message.
        num_bytes (int): On each process.
        remedy (str): What to do instead, the end of the message.

    Raises:
        ValueError: If the machine has less memory.
    """
    memory = physical_memory()
    if num_bytes > memory:
        raise ValueError(
            f'{what} takes {num_bytes / 1e9:.1f} GB on each process, but '
            f'this machine has {memory / 1e9:.1f} GB of memory: {remedy}.'
        )
