"""Labels, the identity of images, the batch of a step."""

from .global_batch import GlobalBatch
from .image_rows import ImageRows
from .known_labels import KnownLabels
from .label_arrays import LabelArrays, LabelLists
from .labels import Labels, dense_labels, find_contradiction, find_label_error
from .sample_id import hash32, hash64, make_sample_id
from .step import Step
from .transfer import Download, upload

__all__ = [
    'Download',
    'GlobalBatch',
    'ImageRows',
    'KnownLabels',
    'LabelArrays',
    'LabelLists',
    'Labels',
    'Step',
    'dense_labels',
    'find_contradiction',
    'find_label_error',
    'hash32',
    'hash64',
    'make_sample_id',
    'upload',
]
