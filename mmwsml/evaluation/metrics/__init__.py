"""Metrics of multi-label predictions on complete or partial labels."""

from .mean_average_precision import MeanAveragePrecision

__all__ = ['MeanAveragePrecision']
