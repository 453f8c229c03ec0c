"""A benchmark from its preset to its table."""

import os
import shlex
from pathlib import Path
from typing import Dict, Iterable, List, NamedTuple, Optional, Sequence

import torch

from .collect import Row, collect_rows
from .config_check import check_run, fits
from .curves import count_labels, plot_curves
from .estimate import Key
from .execute_all import Benchmark
from .matrix import Run, plan_runs, read_seeds
from .plot import plot_rows
from .presets import plan_settings
from .processes import gpu_slots, plan_launch
from .progress import Bar
from .run_folder import read_json
from .run_table import RunKey, dump_runs, read_runs
from .settings import Setting, choose
from .tables import to_csv, to_markdown


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
    #: Results of other machines, which are not run again.
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
        OSError: If a file of ``given`` cannot be read.
        ValueError: If a name is unknown, a file of ``given`` has another form,
            or a folder of what is chosen was made with another version of its
            config.
    """
    numbers = read_seeds(seeds)
    settings = plan_settings(preset, root / 'configs')
    chosen = choose(settings, methods, datasets)
    results = read_runs(given)
    names = {setting.folder for setting in settings}
    others = {seed for name, seed in results if name in names}
    every = {*numbers, *others, *_find_seeds(settings, work_dir)}
    shown = plan_runs(settings, sorted(every), options, work_dir)
    runs = [
        run
        for run in shown
        if run.setting in chosen
        and run.seed in numbers
        and run.key not in results
    ]
    for run in runs:
        check_run(run)
    misfits = [run for run in shown if not fits(run)]
    left_out = {run.folder for run in misfits}
    shown = [run for run in shown if run.folder not in left_out]
    words = ['python', 'tools/benchmark.py', preset, '--seeds', *seeds]
    words += ['--methods', *methods] if methods else []
    words += ['--datasets', *datasets] if datasets else []
    words += ['--results', *map(str, given)] if given else []
    words += ['--cfg-options', *options] if options else []
    command = shlex.join(words)
    return Matrix(preset, work_dir, runs, shown, misfits, results, command)


def run(
    matrix: Matrix,
    tools: Path,
    jobs: Optional[int],
    gpus_per_run: int = 1,
    partition: str = '',
) -> int:
    """Run what is not done.

    Args:
        matrix (Matrix): From :func:`plan`.
        tools (Path): The folder of train.py and test.py.
        jobs (int, optional): Runs at a time; as many as there are GPUs for by
            default, at least one.
        gpus_per_run (int): Processes of each run, each with a GPU where there
            are any. Defaults to 1.
        partition (str): Of Slurm, whose jobs they are. Defaults to '', none.

    Returns:
        int: How many runs have no result in the end.

    Raises:
        ValueError: If a number is not positive, or there are too few GPUs.
    """
    num_gpus = 0 if partition else torch.cuda.device_count()
    jobs = max(1, num_gpus // max(1, gpus_per_run)) if jobs is None else jobs
    for name, number in (('jobs', jobs), ('gpus-per-run', gpus_per_run)):
        if number < 1:
            raise ValueError(f'--{name} must be 1 or more, but got {number}.')
    visible = os.environ.get('CUDA_VISIBLE_DEVICES', '')
    slots = gpu_slots(jobs, num_gpus, visible, gpus_per_run)
    launch = plan_launch(gpus_per_run, partition)
    with Bar(len(matrix.runs)) as bar:
        return Benchmark(
            matrix.runs, tools, slots, launch, bar.say, bar.update
        ).execute()


def collect(matrix: Matrix) -> str:
    """Write tables, runs.csv and plot.png of what has a result.

    Args:
        matrix (Matrix): From :func:`plan`.

    Returns:
        str: The table; it names the runs without a result.
    """
    results: Dict[Key, dict] = {}
    for each in matrix.shown:
        result = _read_result(each, matrix.given)
        if result is not None:
            results[each.setting, each.seed] = result
    rows = collect_rows(results)
    missing = [
        f'{run.label}: {_reason(run)}'
        for run in matrix.shown
        if (run.setting, run.seed) not in results
    ]
    missing += [
        f'{run.label}: made with another config, left out'
        for run in matrix.others
    ]
    table = to_markdown(rows, missing, matrix.command)
    folder = matrix.work_dir / matrix.preset
    folder.mkdir(parents=True, exist_ok=True)
    (folder / 'table.md').write_text(table)
    (folder / 'table.csv').write_text(to_csv(rows))
    by_name = {(s.folder, seed): r for (s, seed), r in results.items()}
    (folder / 'runs.csv').write_text(dump_runs(by_name))
    if rows:
        _plot(folder / 'plot.png', rows, matrix.shown)
    return table


def _plot(path: Path, rows: List[Row], runs: Sequence[Run]) -> None:
    if not any(row.setting.axis for row in rows):
        plot_rows(path, rows)
        return
    configs = {run.setting: run.config for run in runs}
    plot_curves(path, rows, lambda setting: count_labels(configs[setting]))


def describe(matrix: Matrix) -> str:
    """List what would run: one line a run, with what there is of it."""
    return '\n'.join(
        f'{_state(run):8} {run.folder.relative_to(matrix.work_dir)}'
        for run in matrix.runs
    )


def _state(run: Run) -> str:
    for name, state in (('result', 'done'), ('failed', 'failed')):
        if (run.folder / f'{name}.json').exists():
            return state
    return 'begun' if any(run.folder.glob('*.pth')) else 'new'


def _reason(run: Run) -> str:
    """Say why a run has no result."""
    failed = read_json(run.folder / 'failed.json')
    return f'failed, {failed["reason"]}' if failed else _state(run)


def _read_result(run: Run, given: Dict[RunKey, dict]) -> Optional[dict]:
    """Read the result of a run: its own, or one that was given."""
    return read_json(run.folder / 'result.json') or given.get(run.key)


def _find_seeds(settings: Sequence[Setting], folder: Path) -> Iterable[int]:
    """Find the seeds that have been run before."""
    for setting in settings:
        for path in (folder / setting.folder).glob('seed*'):
            if path.name[4:].isdigit():
                yield int(path.name[4:])
