"""A line at each validation of a network that trains."""

import time
from typing import Dict, Optional

from mmengine.hooks import Hook
from mmengine.runner import Runner

from .progress import Progress

#: What is told of a validation, the first that there is.
MEASURES = 'mAP', 'pu_AUC'


class TellEpochsHook(Hook):
    """Says how far a training is, how good, and how long it still takes.

    Args:
        progress (Progress): Where it is said.
        epochs (int): That train; in one more the head is made again.
    """

    def __init__(self, progress: Progress, epochs: int) -> None:
        self._progress = progress
        self._epochs = epochs
        self._begin = 0.0
        self._first = 0

    def before_train(self, runner: Runner) -> None:
        """Note when training begins, or goes on."""
        self._begin, self._first = time.perf_counter(), runner.epoch

    def after_val_epoch(
        self, runner: Runner, metrics: Optional[Dict[str, float]] = None
    ) -> None:
        """Say it."""
        done = runner.epoch  # MMEngine validates after it has counted
        if done > self._epochs:
            return
        text = f'epoch {done} of {self._epochs}{_tell(metrics or {})}'
        # What was resumed is validated, where it was not, before it trains.
        if done > self._first:
            each = (time.perf_counter() - self._begin) / (done - self._first)
            minutes = each * (self._epochs - done) / 60
            text += f', about {minutes:.1f} minutes left'
        self._progress.say(text)


def _tell(metrics: Dict[str, float]) -> str:
    for name in MEASURES:
        for key, value in metrics.items():
            if key.rpartition('/')[2] == name:
                return f': {name} {value:.1f} on validation'
    return ''
