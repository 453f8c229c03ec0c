"""A benchmark from its plan to its table."""

import os
from pathlib import Path
from typing import Dict, List, Optional, Sequence

import torch

from mmwsml.structures.whole_file import write_whole

from ..records.run_folder import read_json
from .collect import Row, collect_rows, measures_of
from .estimate import Key
from .execute_all import Benchmark
from .matrix import Run
from .plan import Matrix
from .plot import count_training, plot_curves, plot_rows
from .processes import gpu_slots, plan_launch
from .progress import Bar
from .run_table import RunKey, dump_runs
from .tables import to_csv, to_markdown


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
    made_here: Dict[RunKey, dict] = {}
    for each in matrix.shown:
        own = read_json(each.folder / 'result.json')
        result = matrix.given.get(each.key, own)
        if result is not None:
            results[each.setting, each.seed] = result
            # What was measured on positives alone is published nowhere.
            if result is own and not measures_of([own]):
                made_here[each.key] = own
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
    write_whole(folder / 'table.md', table)
    write_whole(folder / 'table.csv', to_csv(rows))
    write_whole(folder / 'runs.csv', dump_runs(made_here))
    if rows:
        _plot(folder / 'plot.png', rows, matrix.shown)
    return table


def _plot(path: Path, rows: List[Row], runs: Sequence[Run]) -> None:
    if not any(row.setting.axis for row in rows):
        plot_rows(path, rows)
        return
    configs = {run.setting: run.config for run in runs}
    plot_curves(path, rows, lambda setting: count_training(configs[setting]))


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
