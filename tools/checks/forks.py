"""Processes that end in time, whatever they do."""

import os
import resource
import signal
import time
from typing import Callable

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


def limit_resources(seconds: float) -> None:
    """Give this process ten times the CPU that its work should take."""
    limit = 10 + round(10 * seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def wait(process: int, limit: float = WALL) -> str:
    """Wait for a run of pytest; return 'survived' where all passed."""
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
        late = os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
        return 'timeout' if late else 'killed'
    return 'killed' if os.WEXITSTATUS(status) else 'survived'
