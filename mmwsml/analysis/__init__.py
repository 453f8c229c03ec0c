"""What a finished run tells: pure functions on what it wrote down."""

from .corrections import (
    Correction,
    corrected_annotations,
    list_corrections,
    read_refused,
    write_table,
)

__all__ = [
    'Correction',
    'corrected_annotations',
    'list_corrections',
    'read_refused',
    'write_table',
]
