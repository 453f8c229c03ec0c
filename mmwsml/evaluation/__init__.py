"""Metrics, and the pure functions behind them."""

from .functional import average_precision
from .metrics import MeanAveragePrecision

__all__ = ['MeanAveragePrecision', 'average_precision']
