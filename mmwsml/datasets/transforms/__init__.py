"""Transforms that hide labels and carry them to the model."""

from .add_sample_id import AddSampleId
from .keep_one_positive import KeepOnePositive
from .load_image import LoadImage
from .pack_partial_labels import PackPartialLabels

__all__ = ['AddSampleId', 'KeepOnePositive', 'LoadImage', 'PackPartialLabels']
