"""Backbones, heads, losses and label stores."""

from ..registry import MODELS
from ..structures import (
    CurriculumLabels,
    LabelEstimates,
    LabelMemory,
    SoftLabels,
    ThresholdMemory,
)
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
    InteractiveMultiLabel,
    LabelSmoothingAssumeNegative,
    LargeLossCorrection,
    LargeLossRejection,
    PairwiseRanking,
    PartialAsymmetric,
    PartialBCE,
    RegularizedOnlineLabelEstimation,
    SelfPacedCorrection,
    WeakAssumeNegative,
)
from .selections import ClassWiseSelection, TopKSelection

# Stores stand on the ground floor, which knows no registry.
for store in (
    CurriculumLabels,
    LabelEstimates,
    LabelMemory,
    SoftLabels,
    ThresholdMemory,
):
    MODELS.register_module(module=store)

__all__ = [
    'AssumeNegative',
    'Asymmetric',
    'BoostLUHead',
    'ClassWiseSelection',
    'DigitNet',
    'EntropyMaximization',
    'ExpectedPositiveRegularization',
    'Focal',
    'FullLabel',
    'GeneralizedRobust',
    'Hill',
    'IgnoreUnobserved',
    'InteractiveMultiLabel',
    'LabelSmoothingAssumeNegative',
    'LargeLossCorrection',
    'LargeLossRejection',
    'PairwiseRanking',
    'PartialAsymmetric',
    'PartialBCE',
    'PartialLabelHead',
    'PrecomputedFeatures',
    'RegularizedOnlineLabelEstimation',
    'SelfPacedCorrection',
    'TopKSelection',
    'WeakAssumeNegative',
]
