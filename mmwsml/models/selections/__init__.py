"""Which unobserved labels a large-loss method modifies."""

from .class_wise_selection import ClassWiseSelection
from .selection import Selection
from .top_k_selection import TopKSelection

__all__ = ['ClassWiseSelection', 'Selection', 'TopKSelection']
