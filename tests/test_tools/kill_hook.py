"""A hook that ends its process as a power cut would."""

import os
import signal

from mmengine.hooks import Hook

from mmwsml.registry import HOOKS


@HOOKS.register_module()
class KillHook(Hook):
    """Kill the process once epoch ``epoch`` is saved."""

    priority = 'LOWEST'  # after the checkpoint

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def after_train_epoch(self, runner) -> None:
        if runner.epoch + 1 == self.epoch:
            os.kill(os.getpid(), signal.SIGKILL)
