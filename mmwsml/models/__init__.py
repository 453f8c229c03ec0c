"""Backbones, heads, losses and label stores."""

from ..registry import MODELS
from ..structures import LabelMemory
from .backbones import DigitNet
from .heads import PartialLabelHead
from .losses import (
    AssumeNegative,
    FullLabel,
    LargeLossCorrection,
    LargeLossRejection,
)

# Stores stand on the ground floor, which knows no registry.
MODELS.register_module(module=LabelMemory)

__all__ = [
    'AssumeNegative',
    'DigitNet',
    'FullLabel',
    'LargeLossCorrection',
    'LargeLossRejection',
    'PartialLabelHead',
]
