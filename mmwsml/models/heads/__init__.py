"""Heads that train on partial labels."""

from .boost_lu_head import BoostLUHead
from .partial_label_head import PartialLabelHead

__all__ = ['BoostLUHead', 'PartialLabelHead']
