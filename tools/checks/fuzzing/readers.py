"""All readers by name."""

from .label_readers import LABEL_READERS

READERS = {reader.name: reader for reader in [*LABEL_READERS]}
