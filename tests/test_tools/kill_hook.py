"""Hooks that end a process as a power cut would, or break its numbers."""

import os
import signal

from mmengine.dist import get_rank
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of
from mmwsml.registry import HOOKS


@HOOKS.register_module()
class KillHook(Hook):
    """Kill one process after an epoch is saved, or after an iteration."""

    priority = 'LOWEST'  # after the checkpoint

    def __init__(self, epoch=None, iteration=None, rank=0) -> None:
        self.epoch = epoch
        self.iteration = iteration
        self.rank = rank

    def after_train_epoch(self, runner) -> None:
        if runner.epoch + 1 == self.epoch:
            self._kill()

    def after_train_iter(self, runner, *args, **kwargs) -> None:
        if runner.iter + 1 == self.iteration:
            self._kill()

    def _kill(self) -> None:
        if get_rank() == self.rank:
            os.kill(os.getpid(), signal.SIGKILL)


@HOOKS.register_module()
class BreakHook(Hook):
    """Make the logits of one process infinite in its second step."""

    def before_train_iter(self, runner, *args, **kwargs) -> None:
        if runner.iter == 1 and get_rank() == 1:
            head_of(runner).fc.bias.data.fill_(float('inf'))
