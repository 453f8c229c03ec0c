"""Backbones beside those of MMPretrain."""

from .digit_net import DigitNet
from .efficientnet_lite0 import EfficientNetLite0
from .precomputed_features import PrecomputedFeatures

__all__ = ['DigitNet', 'EfficientNetLite0', 'PrecomputedFeatures']
