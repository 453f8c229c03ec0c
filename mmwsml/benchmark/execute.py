"""One run: what is left of its training and test, then its result."""

import math
import os
import sys
import time
from pathlib import Path
from statistics import median
from typing import Callable, Dict, List, Optional, Sequence

from ..records import run_folder
from ..records.run_folder import LEFT_OUT, METRIC, ONE_SIDED, PARTIAL, RIVAL
from .matrix import Run

#: Runs a command, adds what it prints to a file, returns its exit status.
Call = Callable[[Sequence[str], Path], int]
LOG = 'benchmark.log'


class RunFailedError(Exception):
    """A run cannot have a result; the message says why."""


def execute(run: Run, call: Call, tools: Path, launcher: str = 'none') -> dict:
    """Bring a run to its result, from wherever it stands.

    Args:
        run (Run): Its folder is there.
        call (Callable): Runs a command.
        tools (Path): The folder of train.py and test.py.
        launcher (str): What they are told of it. Defaults to 'none'.

    Returns:
        dict: Also written to result.json, at the end.

    Raises:
        RunFailedError: If it has no result; the reason and the last lines of
            its log are in failed.json then.
    """
    begin = time.monotonic()
    failed = run.folder / 'failed.json'
    failed.unlink(missing_ok=True)
    try:
        if not (run.folder / 'best.json').exists():
            _train(run, call, tools, launcher)
            _test(run, call, tools, launcher)
        result = read_result(run)
    except RunFailedError as error:
        log = run.folder / LOG
        lines = run_folder.tail(log) if log.exists() else []
        run_folder.write_versioned(failed, dict(reason=str(error), log=lines))
        raise
    spent = time.monotonic() - begin
    result['seconds'] = max(spent, run_folder.read_seconds(run.folder))
    run_folder.write_versioned(run.folder / 'result.json', result)
    return result


def _train(run: Run, call: Call, tools: Path, launcher: str) -> None:
    """Train, or go on training, unless the last epoch is there."""
    last = run_folder.find_last(run.folder, run_folder.read_curve(run.folder))
    command = [sys.executable, str(tools / 'train.py')]
    command += [str(run.setting.leaf.path), '--work-dir', str(run.folder)]
    command += ['--launcher', launcher]
    if last is None:
        run_folder.clear(run.folder)
    elif run_folder.step_of(last) == run.num_steps:
        return
    else:
        command += ['--resume', str(last)]
    _call(run, call, [*command, '--cfg-options', *run.options])


def _test(run: Run, call: Call, tools: Path, launcher: str) -> None:
    """Test the checkpoint that validation has selected."""
    draft = run.folder / 'best.part.json'
    command = [sys.executable, str(tools / 'test.py')]
    command += [str(run.setting.leaf.path), str(_find_best(run))]
    command += ['--work-dir', str(run.folder / 'test'), '--out', str(draft)]
    command += ['--force']  # a draft may be left of a test that was killed
    command += ['--launcher', launcher]
    _call(run, call, [*command, '--cfg-options', *run.options])
    os.replace(draft, run.folder / 'best.json')


def _call(run: Run, call: Call, command: List[str]) -> None:
    status = call(command, run.folder / LOG)
    if status == 0:
        return
    tool = Path(command[1]).name
    if status < 0:
        raise RunFailedError(
            f'{tool} was killed by signal {-status}'
            + ' (is there memory for it?)' * (status == -9)
        )
    last = [*run_folder.tail(run.folder / LOG, 1), 'nothing printed'][0]
    raise RunFailedError(f'{tool} ended with exit status {status}: {last}')


def _find_best(run: Run) -> Path:
    curve = run_folder.read_curve(run.folder)
    best = run_folder.find_best(run.folder, curve)
    if best is None:
        raise RunFailedError(
            'no checkpoint of the epoch with the best validation mAP'
        )
    return best


def read_result(run: Run) -> dict:
    """Read the result from what training and test have written.

    Args:
        run (Run): Trained and tested.

    Returns:
        dict: In percent, mAP unless ``tested_by`` and ``chosen_by`` say that
        labels were positives alone: ``test`` of the epoch ``best_step``,
        selected by validation, which leaves ``left_out`` classes out;
        ``best`` and ``last`` on validation; the ``curve``; and
        ``images_per_s`` of the training, None where no log tells. Where
        pu_AUC chose, ``rival`` is the pu_mAP of that epoch, ``best_rival``
        the best one, ``one_sided`` the median of what shows
        that labels were chosen.

    Raises:
        RunFailedError: If a part is missing or no number.
    """
    step = run_folder.step_of(_find_best(run))
    curve = run_folder.read_curve(run.folder)
    metrics = run_folder.read_json(run.folder / 'best.json') or {}
    tested_by = METRIC if METRIC in metrics else PARTIAL
    test = metrics[tested_by]
    if not all(map(math.isfinite, [test, *curve.values()])):
        raise RunFailedError('an mAP is not a number')
    return dict(
        config=run.setting.leaf.path.stem,
        variant=run.setting.variant,
        seed=run.seed,
        test=test,
        left_out=metrics.get(LEFT_OUT, 0),
        tested_by=tested_by,
        chosen_by=run_folder.chosen_by(run.folder),
        best=curve[step],
        best_step=step,
        last=curve[max(curve)],
        last_step=max(curve),
        curve=curve,
        images_per_s=_read_speed(run),
        **_read_rival(run, step),
    )


def _read_rival(run: Run, step: int) -> Dict[str, float]:
    """Read what else was measured of positives alone, of the best epoch."""
    if run_folder.chosen_by(run.folder) != PARTIAL:
        return {}
    curve = run_folder.read_metric(run.folder, RIVAL)
    numbers = [x for x in curve.values() if not math.isnan(x)]
    if step not in curve or not numbers:
        return {}
    found = dict(rival=curve[step], best_rival=max(numbers))
    one_sided = run_folder.read_metric(run.folder, ONE_SIDED)
    if one_sided:
        found['one_sided'] = median(one_sided.values())
    return found


def _read_speed(run: Run) -> Optional[float]:
    seconds = run_folder.read_iteration(run.folder)
    if not seconds:
        return None
    return run.config['train_dataloader']['batch_size'] / seconds
