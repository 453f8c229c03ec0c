"""What a benchmark runs, and what its table shows."""

import shlex
from pathlib import Path
from typing import Dict, Iterable, List, NamedTuple, Optional, Sequence

from .config_check import check_run, fits
from .matrix import Run, plan_runs, read_seeds
from .presets import plan_settings
from .run_table import RunKey, read_runs
from .settings import Setting, choose


class Matrix(NamedTuple):
    """What a benchmark runs and what its table shows."""

    preset: str
    work_dir: Path
    #: What runs, in this order.
    runs: List[Run]
    #: All runs of the preset: those, and what has been run before.
    shown: List[Run]
    #: What the table leaves out: it was run with another config.
    others: List[Run]
    #: Results of other machines: they are not run again, and count before
    #: what a folder has.
    given: Dict[RunKey, dict]
    #: The command that makes the table.
    command: str


def plan(
    root: Path,
    preset: str,
    work_dir: Path,
    methods: Optional[Sequence[str]],
    datasets: Optional[Sequence[str]],
    seeds: Sequence[str],
    options: Sequence[str],
    given: Sequence[Path] = (),
) -> Matrix:
    """Plan a benchmark and check what is there.

    The table shows the whole preset with every seed that has a folder or is
    given; the arguments choose what runs.

    Args:
        root (Path): The folder of configs/ and tools/.
        preset (str): Name of a preset.
        work_dir (Path): Where runs and tables go.
        methods (Sequence[str], optional): What runs; None for all.
        datasets (Sequence[str], optional): On what; None for all.
        seeds (Sequence[str]): Integers from 0.
        options (Sequence[str]): Overrides for all runs, ``key=value``.
        given (Sequence[Path]): ``runs.csv`` files whose runs are done; what
            else is in them is left out. Defaults to none.

    Returns:
        Matrix: Nothing has been run or written.

    Raises:
        ValueError: If a name is unknown, a file of ``given`` is missing or has
            another form, or a folder of what is chosen was made with another
            version of its config.
    """
    numbers = read_seeds(seeds)
    settings = plan_settings(preset, root / 'configs')
    chosen = choose(settings, methods, datasets)
    results = read_runs(given)
    every = {*numbers, *_find_seeds(settings, work_dir, results)}
    shown = plan_runs(settings, sorted(every), options, work_dir)
    todo = [run for run in shown if run.key not in results]
    runs = [r for r in todo if r.setting in chosen and r.seed in numbers]
    for run in runs:
        check_run(run)
    misfits = [run for run in todo if not fits(run)]
    left_out = {run.folder for run in misfits}
    shown = [run for run in shown if run.folder not in left_out]
    arguments = dict(
        seeds=seeds,
        methods=methods,
        datasets=datasets,
        results=list(map(str, given)),
        cfg_options=options,
    )
    command = _write_command(preset, arguments)
    return Matrix(preset, work_dir, runs, shown, misfits, results, command)


def _write_command(
    preset: str, arguments: Dict[str, Optional[Sequence[str]]]
) -> str:
    words = ['python', 'tools/benchmark.py', preset]
    for name, values in arguments.items():
        if values:
            words += [f'--{name.replace("_", "-")}', *values]
    return shlex.join(words)


def _find_seeds(
    settings: Sequence[Setting], folder: Path, given: Dict[RunKey, dict]
) -> Iterable[int]:
    """Find the seeds that have been run before, or are given."""
    for setting in settings:
        yield from (seed for name, seed in given if name == setting.folder)
        for path in (folder / setting.folder).glob('seed*'):
            if path.name[4:].isdigit():
                yield int(path.name[4:])
