"""Counting what a large-loss method modifies, epoch by epoch."""

from abc import abstractmethod
from typing import Optional

from mmengine.dist import all_reduce
from mmengine.runner import Runner
from torch import Tensor

from mmwsml.engine.head import head_of

from .progress_hook import ProgressHook


class ModificationHook(ProgressHook):
    """Base of the schedules of large-loss methods: tell, count, report.

    Args:
        by_epoch (bool): As in :class:`ProgressHook`. Defaults to True.
        iters_per_epoch (int, optional): As there.
    """

    def __init__(
        self, by_epoch: bool = True, iters_per_epoch: Optional[int] = None
    ) -> None:
        super().__init__(by_epoch, iters_per_epoch)
        self._num_modified: Optional[Tensor] = None
        self._num_iters = 0

    @abstractmethod
    def report(
        self, runner: Runner, num_modified: Tensor, num_iters: int
    ) -> None:
        """Log an epoch that ended.

        Args:
            runner (Runner): The run.
            num_modified (Tensor): Labels of each class that all processes
                modified, int64 ``(K,)``.
            num_iters (int): Batches of this process.
        """

    def after_train_iter(self, runner: Runner, batch_idx: int, **_) -> None:
        """Count what the step modified, without waiting for the device."""
        count = head_of(runner).loss_module.modified.sum(0)
        if self._num_modified is not None:
            count = self._num_modified + count
        self._num_modified = count
        self._num_iters += 1
        if not self.by_epoch:
            done = runner.iter + 1
            if done % self.iters_per_epoch == 0 or done == runner.max_iters:
                self._end_epoch(runner)

    def after_train_epoch(self, runner: Runner) -> None:
        """Report the epoch, where the loop has epochs."""
        if self.by_epoch:
            self._end_epoch(runner)

    def _end_epoch(self, runner: Runner) -> None:
        all_reduce(self._num_modified)
        num_modified, self._num_modified = self._num_modified.cpu(), None
        num_iters, self._num_iters = self._num_iters, 0
        epoch = head_of(runner).loss_module.progress[0]
        runner.visualizer.add_scalar(
            'train/num_modified', int(num_modified.sum()), step=epoch
        )
        self.report(runner, num_modified, num_iters)
