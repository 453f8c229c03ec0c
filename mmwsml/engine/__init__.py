"""Hooks, optimizer wrappers, and what a run needs before it starts."""

from .hooks import (
    ChannelsLastHook,
    EpochSeedHook,
    LabelStoreHook,
    LargeLossScheduleHook,
    PlainCheckpointHook,
    PreflightHook,
)
from .optimizers import CPUAmpOptimWrapper

__all__ = [
    'CPUAmpOptimWrapper',
    'ChannelsLastHook',
    'EpochSeedHook',
    'LabelStoreHook',
    'LargeLossScheduleHook',
    'PlainCheckpointHook',
    'PreflightHook',
]
