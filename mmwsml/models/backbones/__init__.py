"""Backbones beside those of MMPretrain."""

from .digit_net import DigitNet
from .precomputed_features import PrecomputedFeatures

__all__ = ['DigitNet', 'PrecomputedFeatures']
