"""What a fit says while it works."""

import contextlib
import logging
import sys
import time
from pathlib import Path
from typing import IO, Iterator, List, TextIO, cast

import rich
from mmengine.logging import MMLogger


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
        """Let what is printed inside go to the log.

        On a terminal, and in a notebook, bars are shown all the same.
        """
        console = rich.get_console()
        shows = self._out.isatty() or console.is_jupyter
        with self._log.open('a', encoding='utf-8') as file:
            _point_loggers(file)
            console.file = self._out if shows else file
            try:
                with contextlib.redirect_stdout(file):
                    with contextlib.redirect_stderr(file):
                        yield
            finally:
                # None: what stdout is at the time, as it was before.
                console.file = cast(IO[str], None)
                _point_loggers(self._out)


def _point_loggers(stream: TextIO) -> None:
    """Let the loggers of MMEngine print to a stream."""
    for logger in MMLogger._instance_dict.values():
        for handler in _printers(logger):
            handler.stream = (
                stream  # not setStream, which flushes a closed one
            )


def _printers(logger: logging.Logger) -> List[logging.StreamHandler]:
    return [
        handler
        for handler in logger.handlers
        if isinstance(handler, logging.StreamHandler)
        and not isinstance(handler, logging.FileHandler)
    ]
