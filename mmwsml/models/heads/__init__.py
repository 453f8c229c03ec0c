"""Heads that train on partial labels."""

from .partial_label_head import PartialLabelHead

__all__ = ['PartialLabelHead']
