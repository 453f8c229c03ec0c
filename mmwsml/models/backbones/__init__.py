"""Backbones beside those of MMPretrain."""

from .digit_net import DigitNet
from .efficientnet_lite import EfficientNetLite
from .precomputed_features import PrecomputedFeatures

__all__ = ['DigitNet', 'EfficientNetLite', 'PrecomputedFeatures']
