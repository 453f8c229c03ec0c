"""What a fit says while it works."""

import contextlib
import sys
import time
from pathlib import Path
from typing import Iterator, TextIO


class Progress:
    """Prints a line a step; all else goes to a log.

    Args:
        log (Path): File that takes what libraries print.
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._out: TextIO = sys.stdout
        self._begin = time.perf_counter()

    def say(self, text: str) -> None:
        """Print a line, with the seconds since the start."""
        seconds = time.perf_counter() - self._begin
        print(f'[{seconds:6.1f} s] {text}', file=self._out, flush=True)

    @contextlib.contextmanager
    def quiet(self) -> Iterator[None]:
        """Let what is printed inside go to the log."""
        with self._log.open('a', encoding='utf-8') as file:
            with contextlib.redirect_stdout(file):
                yield
