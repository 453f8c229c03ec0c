"""Heads that train on partial labels."""

from .boost_lu_head import BoostLUHead
from .multinomial_head import MultinomialHead
from .partial_label_head import PartialLabelHead

__all__ = ['BoostLUHead', 'MultinomialHead', 'PartialLabelHead']
