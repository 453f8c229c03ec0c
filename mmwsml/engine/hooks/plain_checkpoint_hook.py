"""Checkpoints of plain tensors, numbers and lists."""

from typing import Union

import numpy as np
import torch
from mmengine.fileio import LocalBackend, register_backend
from mmengine.hooks import CheckpointHook, Hook
from mmengine.logging import HistoryBuffer
from mmengine.runner import Runner

from mmwsml.engine.plain_state import make_plain
from mmwsml.inference.checkpoint import VERSION_KEY, refuse_pickled_code
from mmwsml.registry import HOOKS
from mmwsml.structures.format_version import FORMAT_VERSION


@register_backend('nowhere')
class NowhereBackend(LocalBackend):
    """Takes a file and keeps nothing of it."""

    def put(self, obj: bytes, filepath: str) -> None:
        """Keep nothing."""


@HOOKS.register_module()
class PlainCheckpointHook(Hook):
    """Save and read only what ``torch.load(weights_only=True)`` reads.

    MMEngine pickles its history buffers with their functions; here they are
    flattened to tensors before saving and built again after loading. So are
    the functions that schedulers keep beside their state, which a scheduler
    makes anew. Other state that is not plain is refused, before training.
    """

    # Sees what other hooks add to a checkpoint.
    priority = 'LOWEST'

    def before_run(self, runner: Runner) -> None:
        """Refuse files that would run code when they are loaded."""
        refuse_pickled_code()

    def before_train(self, runner: Runner) -> None:
        """Try to save a checkpoint, to nowhere.

        Raises:
            ValueError: If a part of the run's state is not plain.
        """
        if any(isinstance(hook, CheckpointHook) for hook in runner.hooks):
            nowhere = dict(backend='nowhere')
            runner.save_checkpoint('', 'epoch_0', backend_args=nowhere)

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Make everything plain, and say in which form it is.

        Raises:
            ValueError: If something is no state.
        """
        checkpoint['meta'][VERSION_KEY] = FORMAT_VERSION
        hub = checkpoint['message_hub']
        hub = dict(
            log_scalars={
                name: _flatten(buffer)
                for name, buffer in hub['log_scalars'].items()
            },
            runtime_info=hub['runtime_info'],
            resumed_keys=hub['resumed_keys'],
        )
        checkpoint['message_hub'] = hub
        if 'param_schedulers' in checkpoint:
            schedulers = _drop_functions(checkpoint['param_schedulers'])
            checkpoint['param_schedulers'] = schedulers
        for name, part in checkpoint.items():
            plain = make_plain(part, name)
            if name != 'state_dict':  # has metadata of its own
                checkpoint[name] = plain

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Build the history buffers again."""
        scalars = checkpoint.get('message_hub', {}).get('log_scalars', {})
        for name, flat in scalars.items():
            if isinstance(flat, dict):
                scalars[name] = HistoryBuffer(
                    flat['log'].numpy(force=True),
                    flat['count'].numpy(force=True),
                    flat['max_length'],
                )


def _flatten(buffer: HistoryBuffer) -> dict:
    log, count = buffer.data
    return dict(
        log=torch.from_numpy(np.array(log, np.float64)),
        count=torch.from_numpy(np.array(count, np.float64)),
        max_length=buffer.max_length,
    )


def _drop_functions(schedulers: Union[list, dict]) -> Union[list, dict]:
    """Leave out what a scheduler calls and its constructor has set."""
    if isinstance(schedulers, dict):  # those of each optimizer
        return {name: _drop_functions(s) for name, s in schedulers.items()}
    return [
        {key: value for key, value in state.items() if not callable(value)}
        for state in schedulers
    ]
