"""Losses of logits, targets and the mask of observed labels."""

from .assume_negative import AssumeNegative
from .full_label import FullLabel
from .large_loss import LargeLoss
from .large_loss_correction import LargeLossCorrection
from .large_loss_rejection import LargeLossRejection
from .partial_label_loss import PartialLabelLoss

__all__ = [
    'AssumeNegative',
    'FullLabel',
    'LargeLoss',
    'LargeLossCorrection',
    'LargeLossRejection',
    'PartialLabelLoss',
]
