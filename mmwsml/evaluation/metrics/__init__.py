"""Metrics of multi-label predictions on complete or partial labels."""

from .dump_predictions import DumpPredictions
from .mean_average_precision import MeanAveragePrecision

__all__ = ['DumpPredictions', 'MeanAveragePrecision']
