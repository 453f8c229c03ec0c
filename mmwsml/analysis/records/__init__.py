"""Reading what a run recorded; nothing here trains or plots."""

from .epoch import EpochRecords
from .load import load_records
from .records import Records
from .same_classes import check_same_classes

__all__ = ['EpochRecords', 'Records', 'check_same_classes', 'load_records']
