"""Processes that end in time, whatever they do."""

import os
import resource
import signal
import time
from typing import Callable

import pytest

MEMORY = 6 * 2**30  # bytes; a mutant may ask for any number
WALL = 600  # seconds; a mutant may wait for ever


def fork(function: Callable[[], int]) -> int:
    """Call a function in a process of its own; return its number."""
    process = os.fork()
    if process:
        return process
    status = 3  # pytest's, of an error of its own
    try:
        status = int(function())
    finally:
        os._exit(status)


def limit_memory() -> None:
    """Let this process end where it asks for more than the limit."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu(seconds: float) -> None:
    """End this process after ten times the CPU that its work should take.

    Not after a time: how much CPU it gets depends on what else runs.
    """
    signal.setitimer(signal.ITIMER_PROF, 2 + 10 * seconds)


def wait(process: int, limit: float = WALL) -> str:
    """Wait for a run of pytest; return 'survived' where none failed."""
    start, pause = time.monotonic(), 0.001
    while True:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            break
        if time.monotonic() - start > limit:
            os.kill(process, signal.SIGKILL)
        time.sleep(pause)
        pause = min(2 * pause, 0.05)
    if os.WIFSIGNALED(status):
        late = os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGKILL)
        return 'timeout' if late else 'killed'
    passed = pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED
    return 'survived' if os.WEXITSTATUS(status) in passed else 'killed'
