"""Labels, their store, the identity of images, the batch of a step."""

from .curriculum_labels import CurriculumLabels
from .global_batch import GlobalBatch
from .image_rows import ImageRows
from .known_labels import KnownLabels
from .label_arrays import LabelArrays, LabelLists
from .label_estimates import LabelEstimates
from .label_memory import LabelMemory
from .label_store import LabelStore
from .labels import (
    Labels,
    dense_labels,
    find_contradiction,
    find_label_error,
)
from .sample_id import hash32, hash64, make_sample_id
from .soft_labels import SoftLabels
from .threshold_memory import ThresholdMemory
from .transfer import Download, upload

__all__ = [
    'CurriculumLabels',
    'Download',
    'GlobalBatch',
    'ImageRows',
    'KnownLabels',
    'LabelArrays',
    'LabelEstimates',
    'LabelLists',
    'LabelMemory',
    'LabelStore',
    'Labels',
    'SoftLabels',
    'ThresholdMemory',
    'dense_labels',
    'find_contradiction',
    'find_label_error',
    'hash32',
    'hash64',
    'make_sample_id',
    'upload',
]
