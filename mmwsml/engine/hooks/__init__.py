"""Hooks of a training run."""

from .activation_map_hook import ActivationMapHook
from .batch_statistics_hook import BatchStatisticsHook
from .channels_last_hook import ChannelsLastHook
from .class_wise_schedule_hook import ClassWiseScheduleHook
from .correction_pictures_hook import CorrectionPicturesHook
from .epoch_seed_hook import EpochSeedHook
from .full_pass_hook import FullPassHook
from .label_store_hook import LabelStoreHook
from .large_loss_schedule_hook import LargeLossScheduleHook
from .late_runtime_info_hook import LateRuntimeInfoHook
from .linear_discriminant_hook import LinearDiscriminantHook
from .linear_init_hook import LinearInitHook
from .multinomial_discriminant_hook import MultinomialDiscriminantHook
from .plain_checkpoint_hook import PlainCheckpointHook
from .preflight_hook import PreflightHook
from .progress_hook import ProgressHook
from .propensity_hook import PropensityHook
from .ranking_ema_hook import RankingEMAHook
from .ranking_scores_hook import RankingScoresHook
from .record_hook import RecordHook
from .resumed_validation_hook import ResumedValidationHook
from .self_tuning_schedule_hook import SelfTuningScheduleHook
from .stop_below_best_hook import StopBelowBestHook
from .whole_checkpoint_hook import WholeCheckpointHook

__all__ = [
    'ActivationMapHook',
    'BatchStatisticsHook',
    'ChannelsLastHook',
    'ClassWiseScheduleHook',
    'CorrectionPicturesHook',
    'EpochSeedHook',
    'FullPassHook',
    'LabelStoreHook',
    'LargeLossScheduleHook',
    'LateRuntimeInfoHook',
    'LinearDiscriminantHook',
    'LinearInitHook',
    'MultinomialDiscriminantHook',
    'PlainCheckpointHook',
    'PreflightHook',
    'ProgressHook',
    'PropensityHook',
    'RankingEMAHook',
    'RankingScoresHook',
    'RecordHook',
    'ResumedValidationHook',
    'SelfTuningScheduleHook',
    'StopBelowBestHook',
    'WholeCheckpointHook',
]
