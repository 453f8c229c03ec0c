"""What a run writes down of its losses and modifications."""

from .epoch_record import EpochRecord
from .loss_bins import NUM_BINS, bin_edges
from .record_writer import RecordWriter
from .recorded_images import RecordedImages
from .recorder import Recorder

__all__ = [
    'NUM_BINS',
    'EpochRecord',
    'RecordWriter',
    'RecordedImages',
    'Recorder',
    'bin_edges',
]
