"""A file that appears whole or not at all."""

import errno
import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Iterator, Union

#: The disk is full, or what a user may use of it.
FULL_DISK = errno.ENOSPC, errno.EDQUOT


@contextmanager
def whole_file(
    path: Union[str, Path], mode: str = 'w', **kwargs: Any
) -> Iterator[IO]:
    """Open a draft beside a file; it takes the file's place at the end.

    Whoever reads ``path`` finds what was there before or what was written
    here, never half: the draft is on the disk before it is renamed, and it
    goes where the block ends in an error. A process that is killed leaves a
    draft, ``.NAME.PID.part``, and the old file.

    Args:
        path (str | Path): The file to write; its folder must be there. What
            is no regular file, such as ``/dev/stdout``, is written directly.
        mode (str): ``'w'``, or ``'wb'`` for bytes. Defaults to ``'w'``:
            UTF-8.
        **kwargs (Any): Of :func:`open`.

    Yields:
        IO: The draft, to write to.
    """
    if 'b' not in mode:
        kwargs.setdefault('encoding', 'utf-8')
    # A link stays a link: what it points to is replaced.
    final = Path(os.path.realpath(path))
    if final.exists() and not final.is_file():
        with open(path, mode, **kwargs) as file:
            yield file
        return
    draft = final.with_name(f'.{final.name}.{os.getpid()}.part')
    try:
        with open(draft, mode, **kwargs) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, final)
    except OSError as error:
        # The system names no file where the disk is full, and a draft, which
        # nobody knows, where it cannot be opened.
        is_full = error.errno in FULL_DISK and error.filename is None
        if is_full or str(error.filename) == str(draft):
            error.filename = str(path)
        raise
    finally:
        draft.unlink(missing_ok=True)


def write_whole(path: Union[str, Path], content: Union[str, bytes]) -> None:
    """Write a text (in UTF-8) or bytes as a file, whole or not at all.

    Args:
        path (str | Path): The file to write; its folder must be there.
        content (str | bytes): All of it.
    """
    mode = 'w' if isinstance(content, str) else 'wb'
    with whole_file(path, mode) as file:
        file.write(content)


def write_json(path: Union[str, Path], content: object) -> None:
    """Write what :func:`json.dumps` takes, whole or not at all.

    Args:
        path (str | Path): The file to write; its folder must be there.
        content (object): Written in ASCII, one entry a line.
    """
    write_whole(path, json.dumps(content, indent=1) + '\n')
