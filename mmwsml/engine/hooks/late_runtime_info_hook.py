"""Losses in the log without waiting for the GPU."""

from typing import Any, List, Optional, Tuple

import torch
from mmengine.hooks import RuntimeInfoHook
from mmengine.runner import Runner

from mmwsml.registry import HOOKS
from mmwsml.structures import Download


@HOOKS.register_module()
class LateRuntimeInfoHook(RuntimeInfoHook):
    """MMEngine's hook, which on a GPU notes the losses of a step a step late.

    MMEngine's asks for the value of a loss right after its step: before the
    next one is prepared, the GPU must have ended this one. Here the value
    comes back in the background and is noted after the next step, the last
    one of an epoch at its end. On a CPU nothing is late.
    """

    _late: Optional[Tuple[List[str], Download]] = None

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Any = None,
        outputs: Optional[dict] = None,
    ) -> None:
        """Note the losses of the step before, and send for those of this."""
        self._note(runner)
        losses = list((outputs or {}).values())
        if any(
            not torch.is_tensor(x) or x.device.type == 'cpu' for x in losses
        ):
            super().after_train_iter(runner, batch_idx, data_batch, outputs)
        elif outputs:
            values = torch.stack([x.detach().float() for x in losses])
            self._late = list(outputs), Download(values)

    def after_train_epoch(self, runner: Runner) -> None:
        """Note the last step of the epoch."""
        self._note(runner)

    def after_train(self, runner: Runner) -> None:
        """Note the last step of all, in a loop without epochs."""
        self._note(runner)

    def before_val(self, runner: Runner) -> None:
        """Note the last step before a validation."""
        self._note(runner)
        super().before_val(runner)

    def _note(self, runner: Runner) -> None:
        if self._late is None:
            return
        (names, download), self._late = self._late, None
        for name, value in zip(names, download.arrays()[0].tolist()):
            runner.message_hub.update_scalar(f'train/{name}', value)
