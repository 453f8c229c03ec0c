"""Hooks, loops, optimizer wrappers, and what a run needs before it starts."""

from .closed_form_loop import ClosedFormLoop
from .hooks import (
    ActivationMapHook,
    BatchStatisticsHook,
    ChannelsLastHook,
    ClassWiseScheduleHook,
    CorrectionPicturesHook,
    EpochSeedHook,
    FullPassHook,
    LabelStoreHook,
    LargeLossScheduleHook,
    LinearDiscriminantHook,
    LinearInitHook,
    MultinomialDiscriminantHook,
    PlainCheckpointHook,
    PreflightHook,
    PropensityHook,
    RankingEMAHook,
    RankingScoresHook,
    RecordHook,
    ResumedValidationHook,
    SelfTuningScheduleHook,
    StopBelowBestHook,
    WholeCheckpointHook,
)
from .optimizers import CPUAmpOptimWrapper
from .resumable_iter_loop import ResumableIterLoop
from .seed import seed_worker

__all__ = [
    'ActivationMapHook',
    'BatchStatisticsHook',
    'CPUAmpOptimWrapper',
    'ChannelsLastHook',
    'ClassWiseScheduleHook',
    'ClosedFormLoop',
    'CorrectionPicturesHook',
    'EpochSeedHook',
    'FullPassHook',
    'LabelStoreHook',
    'LargeLossScheduleHook',
    'LinearDiscriminantHook',
    'LinearInitHook',
    'MultinomialDiscriminantHook',
    'PlainCheckpointHook',
    'PreflightHook',
    'PropensityHook',
    'RankingEMAHook',
    'RankingScoresHook',
    'RecordHook',
    'ResumableIterLoop',
    'ResumedValidationHook',
    'SelfTuningScheduleHook',
    'StopBelowBestHook',
    'WholeCheckpointHook',
    'seed_worker',
]
