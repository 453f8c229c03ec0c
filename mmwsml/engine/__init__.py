"""Hooks, loops, optimizer wrappers, and what a run needs before it starts."""

from .hooks import (
    ChannelsLastHook,
    EpochSeedHook,
    LabelStoreHook,
    LargeLossScheduleHook,
    PlainCheckpointHook,
    PreflightHook,
)
from .optimizers import CPUAmpOptimWrapper
from .resumable_iter_loop import ResumableIterLoop
from .seed import seed_worker

__all__ = [
    'CPUAmpOptimWrapper',
    'ChannelsLastHook',
    'EpochSeedHook',
    'LabelStoreHook',
    'LargeLossScheduleHook',
    'PlainCheckpointHook',
    'PreflightHook',
    'ResumableIterLoop',
    'seed_worker',
]
