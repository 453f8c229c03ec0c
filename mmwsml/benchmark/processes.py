"""The processes that train and test, and the folders they hold."""

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Iterator, List, NamedTuple, Optional, Sequence, Set

from mmwsml.structures.held_folder import hold_folder


class StoppedError(Exception):
    """The benchmark is being ended: its processes are, too."""


class Processes:
    """Starts processes and can end all of them."""

    def __init__(self) -> None:
        self._running: Set[subprocess.Popen] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def run(
        self, command: Sequence[str], log: Path, gpu: Optional[str], lock: IO
    ) -> int:
        """Run a command to its end.

        Args:
            command (Sequence[str]): The program and its arguments.
            log (Path): What it prints is added here.
            gpu (str, optional): The GPUs it sees; None leaves that alone.
            lock (IO): From :func:`hold`; the process holds it as well.

        Returns:
            int: Its exit status; -n if signal n ended it.

        Raises:
            StoppedError: If :meth:`stop` was called.
        """
        env = dict(os.environ)
        if gpu is not None:
            env['CUDA_VISIBLE_DEVICES'] = gpu
        with log.open('a', encoding='utf-8') as out:
            with self._lock:
                if self._stopped:
                    raise StoppedError
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    env=env,
                    pass_fds=[lock.fileno()],
                )
                self._running.add(process)
            status = process.wait()
        with self._lock:
            self._running.discard(process)
            if self._stopped:
                raise StoppedError
        return status

    def stop(self) -> None:
        """End what runs and start no more."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.terminate()


@contextmanager
def hold(folder: Path) -> Iterator[Optional[IO]]:
    """Hold a folder against other benchmarks.

    The system gives it back when this process and those it has started have
    ended: one that outlives a killed benchmark is not trained over.

    Args:
        folder (Path): Of a run; it is made.

    Yields:
        IO | None: None where another process holds the folder.
    """
    # Not the file that a training in the folder locks.
    with hold_folder(folder, 'lock') as lock:
        yield lock


class Launch(NamedTuple):
    """How the tools are started."""

    #: Comes before each command.
    wrapper: Sequence[str] = ()
    #: What the tools are told of it.
    launcher: str = 'none'


def plan_launch(num_processes: int, partition: str) -> Launch:
    """Plan how a run starts.

    Args:
        num_processes (int): Of each run, each with a GPU where there are any.
        partition (str): Of Slurm, whose jobs the runs are; '' for none.
    """
    if partition:
        wrapper = ['srun', f'--partition={partition}']
        wrapper += [f'--ntasks={num_processes}', f'--gres=gpu:{num_processes}']
        wrapper += [f'--ntasks-per-node={num_processes}', '--kill-on-bad-exit']
        return Launch(wrapper, 'slurm' if num_processes > 1 else 'none')
    if num_processes == 1:
        return Launch()
    wrapper = [sys.executable, '-m', 'torch.distributed.run', '--standalone']
    wrapper += [f'--nproc-per-node={num_processes}', '--no-python']
    return Launch(wrapper, 'pytorch')


def gpu_slots(
    jobs: int, num_gpus: int, visible: str, of_run: int = 1
) -> List[Optional[str]]:
    """Spread jobs over GPUs.

    Args:
        jobs (int): How many runs at a time.
        num_gpus (int): How many GPUs there are.
        visible (str): ``CUDA_VISIBLE_DEVICES``, '' where it is not set.
        of_run (int): GPUs that a run takes. Defaults to 1.

    Returns:
        list[str | None]: The GPUs of each job; None leaves it to the tools.

    Raises:
        ValueError: If a run takes more than there are.
    """
    if not num_gpus:
        return [None] * jobs
    if of_run > num_gpus:
        raise ValueError(
            f'--gpus-per-run is {of_run}, but there are {num_gpus} GPUs here; '
            'take fewer, or --launcher slurm.'
        )
    names = visible.split(',') if visible else range(num_gpus)
    names = [str(name) for name in names][:num_gpus]
    places = [
        ','.join(names[first : first + of_run])
        for first in range(0, num_gpus - of_run + 1, of_run)
    ]
    return [places[job % len(places)] for job in range(jobs)]
