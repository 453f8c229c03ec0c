"""All readers by name."""

from .dataset_readers import DATASET_READERS
from .label_readers import LABEL_READERS
from .run_readers import RUN_READERS

READERS = {
    reader.name: reader
    for reader in [*LABEL_READERS, *DATASET_READERS, *RUN_READERS]
}
