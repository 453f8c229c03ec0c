"""What the folder of a run tells: curve, checkpoints, time."""

import json
import math
import re
import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Dict, List, Optional

from mmwsml.records.run_log import iter_scalars
from mmwsml.structures.format_version import (
    FORMAT_VERSION,
    check_format_version,
)
from mmwsml.structures.whole_file import write_json

#: What is selected by and reported.
METRIC = 'multi-label/mAP'
#: What takes its place where labels are positives alone.
PARTIAL = 'multi-label/pu_AUC'
#: What is measured beside it, and may disagree.
RIVAL = 'multi-label/pu_mAP'
#: How often images that may have two classes show the same, in percent.
ONE_SIDED = 'multi-label/pu_one_sided'
#: Classes that the metric leaves out, where it does.
LEFT_OUT = 'multi-label/classes_left_out'
STEP = re.compile(r'(?:epoch|iter)_(\d+)')
STAMP = re.compile(r'^(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) - ', re.MULTILINE)


def read_curve(folder: Path) -> Dict[int, float]:
    """Read the metric that chooses, of each epoch or iteration, in percent.

    It is the validation mAP, or what :func:`chosen_by` says.

    A run that was killed and went on has several logs; the last one that
    holds an epoch counts.

    Args:
        folder (Path): The work dir of the training.

    Returns:
        dict[int, float]: In the order of the epochs; empty before the first.
    """
    # Killed before it chose, if there is none.
    curve = read_metric(folder, chosen_by(folder))
    return curve or read_metric(folder, PARTIAL)


def read_metric(folder: Path, metric: str) -> Dict[int, float]:
    """Read a metric of the validation, of each epoch or iteration.

    Args:
        folder (Path): The work dir of the training.
        metric (str): Its name in the log.
    """
    entries = [x for x in iter_scalars(folder) if metric in x]
    return dict(sorted({x['step']: x[metric] for x in entries}.items()))


def chosen_by(folder: Path) -> str:
    """Name the metric whose best epoch a run has kept."""
    return PARTIAL if any(folder.glob(_best(PARTIAL))) else METRIC


def _best(metric: str) -> str:
    return f'best_{metric.replace("/", "_")}_*.pth'


def best_step(curve: Dict[int, float]) -> int:
    """Return the epoch of the best mAP, the first of equal ones.

    NaN is never the best, as for MMEngine.
    """
    numbers = {k: v for k, v in curve.items() if not math.isnan(v)}
    return max(numbers or curve, key=lambda k: (numbers.get(k, 0), -k))


def find_best(folder: Path, curve: Dict[int, float]) -> Optional[Path]:
    """Find the checkpoint that a curve selects; None if it is not there."""
    step = best_step(curve) if curve else None
    paths = folder.glob(_best(chosen_by(folder)))
    return next((p for p in paths if step_of(p) == step), None)


def find_last(folder: Path, curve: Dict[int, float]) -> Optional[Path]:
    """Find the checkpoint to go on from.

    It is the last whole one whose epoch was validated and whose best
    checkpoint is there: MMEngine would skip a validation that a kill cut off.

    Args:
        folder (Path): The work dir of the training.
        curve (dict[int, float]): From :func:`read_curve`.

    Returns:
        Path | None: None to begin anew.
    """
    paths = [*folder.glob('epoch_*.pth'), *folder.glob('iter_*.pth')]
    for path in sorted(paths, key=step_of, reverse=True):
        step = step_of(path)
        until = {k: v for k, v in curve.items() if k <= step}
        if (
            step in curve
            and zipfile.is_zipfile(path)
            and find_best(folder, until)
        ):
            return path
    return None


def clear(folder: Path) -> None:
    """Remove the training that a folder holds, to begin anew."""
    for path in folder.glob('*.pth'):
        path.unlink()
    for path in folder.glob('*/vis_data'):
        shutil.rmtree(path.parent)


def step_of(path: Path) -> int:
    """Read the epoch, or iteration, from the name of a checkpoint."""
    return int(STEP.findall(path.stem)[0])


def read_seconds(folder: Path) -> float:
    """Add up the time between first and last line of each log of a run."""
    total = 0.0
    for path in [*folder.glob('*/*.log'), *folder.glob('test/*/*.log')]:
        stamps = STAMP.findall(
            path.read_text(errors='replace', encoding='utf-8')
        )
        if stamps:
            first, last = (
                datetime.strptime(stamp, '%Y/%m/%d %H:%M:%S')
                for stamp in (stamps[0], stamps[-1])
            )
            total += (last - first).total_seconds()
    return total


def read_iteration(folder: Path) -> Optional[float]:
    """Read the seconds of a training iteration, loading included.

    Args:
        folder (Path): The work dir of the training.

    Returns:
        float | None: The median of what the log says; None if it says none.
    """
    times = [
        entry['time']
        for entry in iter_scalars(folder)
        if 'loss' in entry and 'time' in entry
    ]
    return median(times) if times else None


def tail(path: Path, num_lines: int = 20) -> List[str]:
    """Read the last lines of a text file that are not blank."""
    lines = path.read_text(errors='replace', encoding='utf-8').splitlines()
    return [line for line in lines if line.strip()][-num_lines:]


def read_json(path: Path) -> Optional[dict]:
    """Read a file that :func:`write_versioned` may have written.

    Raises:
        ValueError: If a later version of mmwsml wrote it.
    """
    if not path.exists():
        return None
    content = json.loads(path.read_text(encoding='utf-8'))
    check_format_version(content.pop('version', None), path)
    return content


def write_versioned(path: Path, content: dict) -> None:
    """Write a file with its version, whole or not at all."""
    write_json(path, dict(version=FORMAT_VERSION, **content))
