"""A folder that one process works in, and no other."""

import os
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Iterator, Optional, Set, Union

#: The locks of this process, which a child that it forks lets go of.
_LOCKS: Set[IO] = set()


@contextmanager
def hold_folder(
    folder: Union[str, Path], name: str = '.lock'
) -> Iterator[Optional[IO]]:
    """Hold a folder against other processes.

    The system gives it back when this process, and each that was given the
    file, has ended, in whatever way. Where a system or a disk cannot lock
    (Windows, some network disks), all may hold it.

    Args:
        folder (str | Path): It is made.
        name (str): Of the file in it that is locked. Defaults to '.lock'.

    Yields:
        IO | None: The locked file; None where another process holds the
        folder.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    with Path(folder, name).open('a+', encoding='utf-8') as lock:
        if not _try_lock(lock):
            yield None
            return
        # A worker of a data loader may outlive a killed process.
        _LOCKS.add(lock)
        try:
            yield lock
        finally:
            _LOCKS.discard(lock)


def _try_lock(lock: IO) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk without locks
        pass
    return True


def _let_go() -> None:
    """Close what a forked child has inherited; its parent holds it still."""
    for lock in _LOCKS:
        lock.close()
    _LOCKS.clear()


if hasattr(os, 'register_at_fork'):  # not on Windows
    os.register_at_fork(after_in_child=_let_go)
