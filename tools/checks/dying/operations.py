"""Counting the writing operations below a folder, and dying at one."""

import builtins
import io
import os
import signal
from pathlib import Path
from typing import Any, Callable, List, NoReturn, Optional, Union

#: Functions of ``os`` that change what their first argument names.
BY_PATH = ('mkdir', 'unlink', 'remove', 'rmdir', 'truncate', 'symlink')
#: Those whose second argument names what appears.
BY_TARGET = ('rename', 'replace', 'link')
BY_FILE = ('fsync', 'fdatasync', 'ftruncate', 'posix_fallocate', 'write')
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Operations:
    """What this process writes below a folder, from now on.

    Files opened by Python, whose buffers go to the disk as in life, and the
    functions of ``os`` are seen; what C code writes to a file of its own is
    not.

    Args:
        folder (Path): What lies elsewhere is not counted.
        last (int, optional): The operation at which the process dies, from 1:
            instead of it, or half-way where something is written. Defaults to
            None: it lives.
    """

    def __init__(self, folder: Path, last: Optional[int] = None) -> None:
        self.folder = os.path.realpath(folder)
        self.last = last
        self.done: List[str] = []

    def watch(self) -> None:
        """Stand in for the functions that write."""
        self._open = builtins.open
        builtins.open = io.open = self._open_file
        for names, place in ((BY_PATH, 0), (BY_TARGET, 1), (BY_FILE, 0)):
            for name in names:
                if hasattr(os, name):
                    setattr(os, name, self._stand_in(name, place))
        real = os.open

        def open_counted(path: Any, flags: int, *args: Any, **kw: Any) -> int:
            if flags & WRITING:
                self.count('open', path, kw.get('dir_fd'))
            return real(path, flags, *args, **kw)

        os.open = open_counted

    def count(
        self, name: str, path: Any, dir_fd: Optional[int] = None
    ) -> bool:
        """Count an operation; die if it is the last and nothing is written.

        Returns:
            bool: Whether the process dies half-way through a ``write``.
        """
        path = _find(path, dir_fd)
        inside = path == self.folder or path.startswith(self.folder + os.sep)
        if not inside:
            return False
        self.done.append(f'{name} {os.path.relpath(path, self.folder)}')
        if len(self.done) != self.last:
            return False
        if name != 'write':
            die()
        return True

    def _stand_in(self, name: str, place: int) -> Callable:
        real = getattr(os, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            dir_fd = kwargs.get('dst_dir_fd' if place else 'dir_fd')
            if self.count(name, args[place], dir_fd):
                real(args[0], args[1][: len(args[1]) // 2])
                die()
            return real(*args, **kwargs)

        return call

    def _open_file(
        self,
        file: Union[str, int, Path],
        mode: str = 'r',
        buffering: int = -1,
        encoding: Optional[str] = None,
        errors: Optional[str] = None,
        newline: Optional[str] = None,
        closefd: bool = True,
        opener: Optional[Callable] = None,
    ) -> io.IOBase:
        rest = encoding, errors, newline, closefd, opener
        if not set(mode) & set('wax+') or isinstance(file, int):
            return self._open(file, mode, buffering, *rest)
        raw_mode = ''.join(c for c in mode if c in 'rwax+')
        if 'r' not in raw_mode or not os.path.exists(file):
            self.count('open', file)
        raw = _CountedFile(file, raw_mode, closefd, opener)
        raw.operations = self
        if buffering == 0:
            return raw
        kind = io.BufferedRandom if '+' in mode else io.BufferedWriter
        buffered = kind(raw)
        if 'b' in mode:
            return buffered
        text = io.TextIOWrapper(
            buffered, encoding, errors, newline, line_buffering=buffering == 1
        )
        text.mode = mode
        return text


class _CountedFile(io.FileIO):
    """A file each of whose writes to the disk is counted."""

    operations: Operations

    def write(self, data: Any) -> int:
        if self.operations.count('write', self.name):
            super().write(memoryview(data).cast('B')[: len(data) // 2])
            die()
        return super().write(data)


def die() -> NoReturn:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError('SIGKILL does not return')


def _find(path: Any, dir_fd: Optional[int]) -> str:
    """Tell where something lies that is named in any way."""
    if isinstance(path, int):
        path = os.readlink(f'/proc/self/fd/{path}')
    path = os.fsdecode(path)
    if dir_fd is not None:
        path = os.path.join(os.readlink(f'/proc/self/fd/{dir_fd}'), path)
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)
