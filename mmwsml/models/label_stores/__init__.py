"""What is remembered of (image, class) pairs from step to step."""

from .curriculum_labels import CurriculumLabels
from .label_estimates import LabelEstimates
from .label_memory import LabelMemory
from .label_store import LabelStore
from .soft_labels import SoftLabels
from .threshold_memory import ThresholdMemory

__all__ = [
    'CurriculumLabels',
    'LabelEstimates',
    'LabelMemory',
    'LabelStore',
    'SoftLabels',
    'ThresholdMemory',
]
