"""Many runs, one after another or several at a time."""

import queue
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence

from ..records.run_folder import METRIC, read_json
from .estimate import Key, estimate_seconds, format_seconds
from .execute import RunFailedError, execute
from .matrix import Run
from .processes import Launch, Processes, StoppedError, hold
from .progress import Watch, share_left

ONE_PROCESS = Launch()
POLL = 2.0  # seconds between two looks at what runs


class Benchmark:
    """Brings runs to their results and says how far it is.

    Args:
        runs (Sequence[Run]): In the order they start.
        tools (Path): The folder of train.py and test.py.
        slots (Sequence[str, optional]): The GPUs of each job, one job for
            each slot; None leaves them to the tools.
        launch (Launch): How the tools are started.
        say (Callable): Takes a line about the progress.
        show (Callable): Takes the number of runs that are done, in
            fractions, and the seconds left, None where they are unknown.
    """

    def __init__(
        self,
        runs: Sequence[Run],
        tools: Path,
        slots: Sequence[Optional[str]] = (None,),
        launch: Launch = ONE_PROCESS,
        say: Callable[[str], None] = print,
        show: Callable[[float, Optional[float]], None] = lambda *_: None,
    ) -> None:
        self.tools = tools
        self.launch = launch
        self.say = say
        self.show = show
        self.watch = Watch()
        self.num_runs = len(runs)
        self.num_jobs = len(slots)
        self.slots: queue.Queue = queue.Queue()
        for slot in slots:
            self.slots.put(slot)
        self.processes = Processes()
        self.lock = threading.Lock()
        self.spent: Dict[Key, float] = {}
        self.waiting: List[Run] = []
        for run in runs:
            result = read_json(run.folder / 'result.json')
            if result is None:
                self.waiting.append(run)
            else:
                self.spent[run.setting, run.seed] = result['seconds']

    def execute(self) -> int:
        """Execute what is not done.

        Returns:
            int: How many runs have no result in the end.
        """
        open_runs = list(self.waiting)
        self.say(
            f'{self.num_runs} runs: {len(self.spent)} done, {len(open_runs)} '
            f'to go; time: {format_seconds(self._time_left())}.'
        )
        with ThreadPoolExecutor(self.num_jobs) as pool:
            futures = [pool.submit(self._execute, run) for run in open_runs]
            try:
                while wait(futures, POLL).not_done:
                    self._show()
                results = [future.result() for future in futures]
            except BaseException:
                self._stop(futures)
                raise
        return results.count(False)

    def _execute(self, run: Run) -> bool:
        """Execute one run; whether it has a result."""
        slot, outcome = self.slots.get(), 'was given up'
        try:
            with hold(run.folder) as lock:
                if lock is None:
                    outcome = 'is being run by another process'
                    return False
                # Another benchmark may have finished it meanwhile.
                with self.watch.watch(run):
                    result = read_json(run.folder / 'result.json') or execute(
                        run,
                        lambda command, log: self.processes.run(
                            [*self.launch.wrapper, *command], log, slot, lock
                        ),
                        self.tools,
                        self.launch.launcher,
                    )
            seconds = result['seconds']
            self.spent[run.setting, run.seed] = seconds
            metric = Path(result.get('tested_by', METRIC)).name
            outcome = (
                f'test {metric} '
                f'{result["test"]:.1f}, best epoch '
                f'{result["best_step"]}, took {format_seconds(seconds)}'
            )
            return True
        except RunFailedError as error:
            outcome = f'failed, {error}'
            return False
        except StoppedError:
            outcome = 'was stopped'
            return False
        finally:
            self.slots.put(slot)
            self._report(run, outcome)

    def _report(self, run: Run, outcome: str) -> None:
        with self.lock:
            self.waiting.remove(run)
            number = self.num_runs - len(self.waiting)
            self.say(
                f'[{number}/{self.num_runs}] {run.label}: {outcome}; '
                f'time left: {format_seconds(self._time_left())}.'
            )

    def _show(self) -> None:
        with self.lock:
            left = sum(map(share_left, self.waiting))
            self.show(self.num_runs - left, self._time_left())

    def _time_left(self) -> Optional[float]:
        waiting = [(run.setting, share_left(run)) for run in self.waiting]
        known = {**self.watch.expected_seconds(), **self.spent}
        return estimate_seconds(waiting, known, self.num_jobs)

    def _stop(self, futures: Sequence[Future]) -> None:
        for future in futures:
            future.cancel()
        self.processes.stop()
