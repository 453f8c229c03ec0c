"""Counting what a large-loss method modifies, epoch by epoch."""

from abc import abstractmethod
from typing import Any, Optional

from mmengine.dist import all_reduce
from mmengine.runner import Runner
from torch import Tensor

from mmwsml.engine.head import head_of

from .progress_hook import EpochHook


class ModificationHook(EpochHook):
    """Base of the schedules of large-loss methods: tell, count, report.

    Args:
        **clock: As of :class:`EpochHook`.
    """

    def __init__(self, **clock: Any) -> None:
        super().__init__(**clock)
        self._num_modified: Optional[Tensor] = None
        self._num_iters = 0

    @abstractmethod
    def report(
        self,
        runner: Runner,
        epoch: int,
        num_modified: Tensor,
        num_iters: int,
    ) -> None:
        """Log an epoch that ended.

        Args:
            runner (Runner): The run.
            epoch (int): Its number, from 1.
            num_modified (Tensor): Labels of each class that all processes
                modified, int64 ``(K,)``.
            num_iters (int): Batches of this process.
        """

    def after_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        """Count what the step modified, without waiting for the device."""
        count = head_of(runner).last_step.modified.sum(0)  # (K,)
        if self._num_modified is not None:
            count = self._num_modified + count
        self._num_modified = count
        self._num_iters += 1
        super().after_train_iter(runner)

    def end_epoch(self, runner: Runner) -> None:
        """Add up what all processes modified, and report it."""
        num_modified, self._num_modified = self._num_modified, None
        if num_modified is None:
            return
        all_reduce(num_modified)
        num_modified = num_modified.cpu()
        num_iters, self._num_iters = self._num_iters, 0
        epoch, _ = self.clock.progress(runner)
        runner.visualizer.add_scalar(
            'train/num_modified', int(num_modified.sum()), step=epoch
        )
        self.report(runner, epoch, num_modified, num_iters)
