"""Losses of logits, targets and the mask of observed labels."""

from .assume_negative import AssumeNegative
from .asymmetric import Asymmetric
from .entropy_maximization import EntropyMaximization
from .expected_positive_regularization import ExpectedPositiveRegularization
from .focal import Focal
from .full_label import FullLabel
from .generalized_robust import GeneralizedRobust
from .hill import Hill
from .ignore_unobserved import IgnoreUnobserved
from .interactive_multi_label import InteractiveMultiLabel
from .label_smoothing_assume_negative import LabelSmoothingAssumeNegative
from .large_loss import LargeLoss
from .large_loss_correction import LargeLossCorrection
from .large_loss_rejection import LargeLossRejection
from .loss_result import LossResult
from .pairwise_ranking import PairwiseRanking
from .partial_asymmetric import PartialAsymmetric
from .partial_bce import PartialBCE
from .partial_label_loss import PartialLabelLoss
from .regularized_online_label_estimation import (
    RegularizedOnlineLabelEstimation,
)
from .self_paced_correction import SelfPacedCorrection
from .weak_assume_negative import WeakAssumeNegative

__all__ = [
    'AssumeNegative',
    'Asymmetric',
    'EntropyMaximization',
    'ExpectedPositiveRegularization',
    'Focal',
    'FullLabel',
    'GeneralizedRobust',
    'Hill',
    'IgnoreUnobserved',
    'InteractiveMultiLabel',
    'LabelSmoothingAssumeNegative',
    'LargeLoss',
    'LargeLossCorrection',
    'LargeLossRejection',
    'LossResult',
    'PairwiseRanking',
    'PartialAsymmetric',
    'PartialBCE',
    'PartialLabelLoss',
    'RegularizedOnlineLabelEstimation',
    'SelfPacedCorrection',
    'WeakAssumeNegative',
]
