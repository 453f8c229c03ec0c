"""How long the rest of a benchmark takes."""

from statistics import mean
from typing import Dict, List, Optional, Sequence, Tuple

from .presets import DIGITS, FEATURES, OPEN_IMAGES, PAPER, PHOTOGRAPHS
from .settings import Setting

#: A setting and a seed.
Key = Tuple[Setting, int]
#: Seconds of a run, told before any has run here: measured on one core of an
#: AMD EPYC; of the paper's sets reckoned from their operations, for a GPU that
#: keeps up 10 TFLOP/s (docs/reproduce.md).
TYPICAL = {
    DIGITS: 220.0,
    FEATURES: 45.0,
    PHOTOGRAPHS: 1_200.0,
    **dict(zip(PAPER, (500.0, 7_000.0, 12_800.0, 520.0))),
    OPEN_IMAGES: 160_000.0,
}


def estimate_seconds(
    waiting: Sequence[Tuple[Setting, float]],
    spent: Dict[Key, float],
    jobs: int = 1,
) -> Optional[float]:
    """Estimate the time of runs from that of others.

    A run takes as long as the mean of its setting, or else of its backbone
    and data set, or else as long as it typically does.

    Args:
        waiting (Sequence[tuple]): The setting of each run, and the share of
            it that is left, in [0, 1].
        spent (dict): (setting, seed) -> seconds of a whole run.
        jobs (int): How many run at a time.

    Returns:
        float | None: None where nothing is known of one of them.
    """
    by_setting: Dict[object, List[float]] = {}
    by_group: Dict[object, List[float]] = {}
    for (setting, _), taken in spent.items():
        by_setting.setdefault(setting, []).append(taken)
        by_group.setdefault(setting.group, []).append(taken)
    total = 0.0
    for setting, share in waiting:
        known = by_setting.get(setting) or by_group.get(setting.group)
        if not known and setting.group not in TYPICAL:
            return None
        total += share * (mean(known) if known else TYPICAL[setting.group])
    return total / max(1, min(jobs, len(waiting)))


def format_seconds(seconds: Optional[float]) -> str:
    """Write a time for people; None is 'unknown'."""
    if seconds is None:
        return 'unknown until an epoch is trained'
    if seconds < 60:
        return f'{seconds:.0f} s'
    if seconds < 3600:
        return f'{seconds / 60:.0f} min'
    hours, minutes = divmod(round(seconds / 60), 60)
    return f'{hours} h {minutes} min'
