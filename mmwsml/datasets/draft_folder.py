"""A folder that appears when it is whole."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Optional

from mmengine.logging import print_log


@contextmanager
def draft_folder(final: Path) -> Iterator[Optional[Path]]:
    """Fill a draft that gets its final name when the block ends well.

    A draft that a killed process has left is removed by the next one. Of
    processes that start at once one fills the draft, the others wait for it.

    Args:
        final (Path): The folder to make.

    Yields:
        Path | None: The empty draft; None where the folder is there already.
    """
    if final.exists():
        yield None
        return
    final.parent.mkdir(parents=True, exist_ok=True)
    with _locked(final.with_name(f'.{final.name}.lock')):
        if final.exists():
            yield None
            return
        draft = final.with_name(f'.{final.name}.draft')
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        try:
            yield draft
            os.rename(draft, final)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system takes back from a killed process."""
    import fcntl  # not on Windows, where the package must import all the same

    with path.open('w', encoding='utf-8') as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print_log(f'Waiting for the process that holds {path}.')
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
