"""How long the rest of a benchmark takes."""

from statistics import mean
from typing import Dict, List, Optional, Sequence, Tuple

from .presets import Setting

#: A setting and a seed.
Key = Tuple[Setting, int]


def estimate_seconds(
    waiting: Sequence[Setting], spent: Dict[Key, float], jobs: int = 1
) -> Optional[float]:
    """Estimate the time of runs from that of finished ones.

    A run takes as long as the mean of its setting, or else of its backbone
    and data set.

    Args:
        waiting (Sequence[Setting]): The setting of each run.
        spent (dict): (setting, seed) -> seconds.
        jobs (int): How many run at a time.

    Returns:
        float | None: None where nothing like one of them has finished.
    """
    by_setting: Dict[object, List[float]] = {}
    by_group: Dict[object, List[float]] = {}
    for (setting, _), seconds in spent.items():
        by_setting.setdefault(setting, []).append(seconds)
        by_group.setdefault(setting.group, []).append(seconds)
    total = 0.0
    for setting in waiting:
        known = by_setting.get(setting) or by_group.get(setting.group)
        if not known:
            return None
        total += mean(known)
    return total / max(1, min(jobs, len(waiting)))


def format_seconds(seconds: Optional[float]) -> str:
    """Write a time for people; None is 'unknown'."""
    if seconds is None:
        return 'unknown'
    if seconds < 60:
        return f'{seconds:.0f} s'
    if seconds < 3600:
        return f'{seconds / 60:.0f} min'
    hours, minutes = divmod(round(seconds / 60), 60)
    return f'{hours} h {minutes} min'
