"""Checkpoints of plain tensors, numbers and lists."""

from collections import deque
from typing import Any

import numpy as np
import torch
from mmengine.hooks import Hook
from mmengine.logging import HistoryBuffer
from mmengine.runner import Runner

from mmwsml.engine.checkpoint import refuse_pickled_code
from mmwsml.registry import HOOKS


@HOOKS.register_module()
class PlainCheckpointHook(Hook):
    """Save and read only what ``torch.load(weights_only=True)`` reads.

    MMEngine pickles its history buffers with their functions; here they are
    flattened to tensors before saving and built again after loading.
    """

    def before_run(self, runner: Runner) -> None:
        """Refuse files that would run code when they are loaded."""
        refuse_pickled_code()

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Flatten the message hub."""
        hub = checkpoint['message_hub']
        checkpoint['message_hub'] = dict(
            log_scalars={
                name: _flatten(buffer)
                for name, buffer in hub['log_scalars'].items()
            },
            runtime_info=_plain(hub['runtime_info']),
            resumed_keys=dict(hub['resumed_keys']),
        )

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


def _plain(value: Any) -> Any:
    """Turn NumPy values and deques into what a plain file holds."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, deque)):
        return [_plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value)
    if isinstance(value, np.generic):
        return value.item()
    return value
