"""Metrics, and the pure functions behind them."""

from .functional import average_precision, average_precision_of_class
from .metrics import MeanAveragePrecision, ObservedMultiLabelMetric

__all__ = [
    'MeanAveragePrecision',
    'ObservedMultiLabelMetric',
    'average_precision',
    'average_precision_of_class',
]
