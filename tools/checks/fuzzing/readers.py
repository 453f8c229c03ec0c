"""All readers by name."""

from .array_readers import ARRAY_READERS
from .dataset_readers import DATASET_READERS
from .form_readers import FORM_READERS
from .label_readers import LABEL_READERS
from .observed_readers import OBSERVED_READERS
from .run_readers import RUN_READERS
from .small_readers import SMALL_READERS

READERS = {
    reader.name: reader
    for reader in [
        *LABEL_READERS,
        *FORM_READERS,
        *OBSERVED_READERS,
        *DATASET_READERS,
        *ARRAY_READERS,
        *RUN_READERS,
        *SMALL_READERS,
    ]
}
