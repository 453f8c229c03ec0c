"""Labels, their store, and the identity of an image."""

from .label_store import LabelMemory, LabelStore
from .labels import Labels, dense_labels, find_label_error, upload
from .sample_id import hash64, make_sample_id

__all__ = [
    'LabelMemory',
    'LabelStore',
    'Labels',
    'dense_labels',
    'find_label_error',
    'hash64',
    'make_sample_id',
    'upload',
]
