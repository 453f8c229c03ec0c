"""How far the runs are, and the bar that shows it."""

import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Dict, Iterator, Optional, Tuple

from rich.progress import BarColumn, Progress, TextColumn

from ..records.run_folder import read_curve
from .estimate import Key, format_seconds
from .matrix import Run


class Watch:
    """The runs that are being run, and how far each is."""

    def __init__(self) -> None:
        #: Folder -> the run, when it began, how many epochs it had then.
        self._running: Dict[Path, Tuple[Run, float, int]] = {}

    @contextmanager
    def watch(self, run: Run) -> Iterator[None]:
        """Watch a run as long as it runs."""
        num_begun = len(read_curve(run.folder))
        self._running[run.folder] = run, time.monotonic(), num_begun
        try:
            yield
        finally:
            del self._running[run.folder]

    def expected_seconds(self) -> Dict[Key, float]:
        """Return how long each run takes that has ended an epoch."""
        now, expected = time.monotonic(), {}
        for run, begin, num_begun in list(self._running.values()):
            num_done = len(read_curve(run.folder)) - num_begun
            if num_done > 0:
                seconds = (now - begin) * run.num_steps / num_done
                expected[run.setting, run.seed] = seconds
        return expected


def share_left(run: Run) -> float:
    """Return the share of a run that is not trained yet, in [0, 1]."""
    return max(0.0, 1 - len(read_curve(run.folder)) / run.num_steps)


class Bar:
    """A bar over all runs, redrawn in a terminal and silent elsewhere.

    Args:
        total (int): Number of runs.
    """

    def __init__(self, total: int) -> None:
        self._progress = Progress(
            TextColumn('{task.completed:.1f}/{task.total} runs'),
            BarColumn(),
            TextColumn('time left: {task.fields[left]}'),
            disable=not sys.stdout.isatty(),
        )
        self._task = self._progress.add_task('', total=total, left='')

    def __enter__(self) -> 'Bar':
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def update(self, done: float, seconds: Optional[float]) -> None:
        """Show how many runs are done, in fractions, and the time left."""
        self._progress.update(
            self._task, completed=done, left=format_seconds(seconds)
        )

    def say(self, line: str) -> None:
        """Print a line, above the bar."""
        self._progress.console.print(
            line, highlight=False, markup=False, soft_wrap=True
        )
