"""Heads that train on partial labels."""

from .boost_lu_head import BoostLUHead
from .multinomial_head import MultinomialHead
from .partial_label_csra_head import PartialLabelCSRAHead
from .partial_label_head import PartialLabelHead
from .partial_label_mixin import PartialLabelMixin

__all__ = [
    'BoostLUHead',
    'MultinomialHead',
    'PartialLabelCSRAHead',
    'PartialLabelHead',
    'PartialLabelMixin',
]
