"""Transforms that hide labels and carry them to the model."""

from .add_sample_id import AddSampleId
from .keep_counts import KeepCounts
from .keep_known_fraction import KeepKnownFraction
from .keep_one_positive import KeepOnePositive
from .keep_positive_by_frequency import KeepPositiveByFrequency
from .keep_positive_by_location import KeepPositiveByLocation
from .keep_positive_by_size import KeepPositiveBySize
from .keep_positive_fraction import KeepPositiveFraction
from .load_features import LoadFeatures
from .load_image import LoadImage
from .load_observed_labels import LoadObservedLabels
from .pack_partial_labels import PackPartialLabels

__all__ = [
    'AddSampleId',
    'KeepCounts',
    'KeepKnownFraction',
    'KeepOnePositive',
    'KeepPositiveByFrequency',
    'KeepPositiveByLocation',
    'KeepPositiveBySize',
    'KeepPositiveFraction',
    'LoadFeatures',
    'LoadImage',
    'LoadObservedLabels',
    'PackPartialLabels',
]
