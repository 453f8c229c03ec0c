"""Metrics, and the pure functions behind them."""

from .calibration import best_thresholds, f1_scores, reliability
from .functional import average_precision, average_precision_of_class
from .metrics import (
    DumpPredictions,
    MeanAveragePrecision,
    ObservedMultiLabelMetric,
    PointingGame,
    PositiveUnlabeledMetric,
)
from .predictions import Predictions, read_predictions, write_predictions
from .thresholds import Thresholds, read_thresholds, write_thresholds

__all__ = [
    'DumpPredictions',
    'MeanAveragePrecision',
    'ObservedMultiLabelMetric',
    'PointingGame',
    'PositiveUnlabeledMetric',
    'Predictions',
    'Thresholds',
    'average_precision',
    'average_precision_of_class',
    'best_thresholds',
    'f1_scores',
    'read_predictions',
    'read_thresholds',
    'reliability',
    'write_predictions',
    'write_thresholds',
]
