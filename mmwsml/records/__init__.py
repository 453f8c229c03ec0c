"""What a run writes down of its losses and modifications, and reading it."""

from .epoch_record import EpochRecord
from .load import load_records
from .loss_bins import NUM_BINS, bin_edges
from .open_epoch import EpochRecords
from .record_writer import RecordWriter
from .recorded_images import RecordedImages
from .recorder import Recorder
from .records import Records
from .same_classes import check_same_classes

__all__ = [
    'NUM_BINS',
    'EpochRecord',
    'EpochRecords',
    'RecordWriter',
    'RecordedImages',
    'Recorder',
    'Records',
    'bin_edges',
    'check_same_classes',
    'load_records',
]
