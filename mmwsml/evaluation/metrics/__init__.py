"""Metrics of multi-label predictions on complete or partial labels."""

from .classwise_metric import ClasswiseMetric
from .dump_predictions import DumpPredictions
from .mean_average_precision import MeanAveragePrecision
from .observed_multi_label_metric import ObservedMultiLabelMetric
from .pointing_game import PointingGame
from .positive_unlabeled_metric import PositiveUnlabeledMetric

__all__ = [
    'ClasswiseMetric',
    'DumpPredictions',
    'MeanAveragePrecision',
    'ObservedMultiLabelMetric',
    'PointingGame',
    'PositiveUnlabeledMetric',
]
