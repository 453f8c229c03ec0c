"""The numbers that MMEngine logged, epoch by epoch."""

from pathlib import Path
from typing import Dict, List

import numpy as np

from mmwsml.records.run_log import iter_scalars

#: What is shown, by its name in the log.
NAMES = {
    'loss': 'training loss',
    'multi-label/mAP': 'validation mAP, %',
    'multi-label/pu_AUC': 'validation pu_AUC, %',
    'multi-label/pu_mAP': 'validation pu_mAP, %',
    'multi-label/pu_one_sided': 'one class of two shown, %',
    'train/num_modified': 'modified labels',
    'rate_percent': 'rate of modification, %',
}


def read_scalars(run: Path) -> Dict[str, Dict[int, float]]:
    """Read the curves of a run.

    A run that was killed and went on has several logs; the last one that
    holds a step counts.

    Args:
        run (Path): Its work dir.

    Returns:
        dict: Name of ``NAMES`` -> epoch (or iteration) -> number; what the
        log has for iterations of an epoch is averaged.
    """
    steps: Dict[str, Dict[int, tuple]] = {name: {} for name in NAMES}
    for entry in iter_scalars(run):
        for name in NAMES.keys() & entry.keys():
            step = entry['step']
            steps[name][step] = entry.get('epoch', step), entry[name]
    curves = {name: _average(found) for name, found in steps.items()}
    return {
        name: curve
        for name, curve in curves.items()
        if any(value == value for value in curve.values())  # not NaN alone
    }


def _average(steps: Dict[int, tuple]) -> Dict[int, float]:
    groups: Dict[int, List[float]] = {}
    for epoch, value in steps.values():
        groups.setdefault(epoch, []).append(value)
    return {epoch: float(np.mean(groups[epoch])) for epoch in sorted(groups)}
