"""Backbones, heads, losses and label stores."""

from ..registry import MODELS
from ..structures import LabelMemory
from .backbones import DigitNet, PrecomputedFeatures
from .heads import BoostLUHead, PartialLabelHead
from .losses import (
    AssumeNegative,
    Asymmetric,
    EntropyMaximization,
    ExpectedPositiveRegularization,
    Focal,
    FullLabel,
    GeneralizedRobust,
    Hill,
    IgnoreUnobserved,
    LabelSmoothingAssumeNegative,
    LargeLossCorrection,
    LargeLossRejection,
    PairwiseRanking,
    PartialAsymmetric,
    SelfPacedCorrection,
    WeakAssumeNegative,
)

# Stores stand on the ground floor, which knows no registry.
MODELS.register_module(module=LabelMemory)

__all__ = [
    'AssumeNegative',
    'Asymmetric',
    'BoostLUHead',
    'DigitNet',
    'EntropyMaximization',
    'ExpectedPositiveRegularization',
    'Focal',
    'FullLabel',
    'GeneralizedRobust',
    'Hill',
    'IgnoreUnobserved',
    'LabelSmoothingAssumeNegative',
    'LargeLossCorrection',
    'LargeLossRejection',
    'PairwiseRanking',
    'PartialAsymmetric',
    'PartialLabelHead',
    'PrecomputedFeatures',
    'SelfPacedCorrection',
    'WeakAssumeNegative',
]
