"""Metrics, and the pure functions behind them."""

from .calibration import best_thresholds, f1_scores, reliability
from .functional import average_precision
from .metrics import DumpPredictions, MeanAveragePrecision
from .predictions import Predictions, read_predictions, write_predictions
from .thresholds import Thresholds, read_thresholds, write_thresholds

__all__ = [
    'DumpPredictions',
    'MeanAveragePrecision',
    'Predictions',
    'Thresholds',
    'average_precision',
    'best_thresholds',
    'f1_scores',
    'read_predictions',
    'read_thresholds',
    'reliability',
    'write_predictions',
    'write_thresholds',
]
