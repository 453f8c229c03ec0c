"""Trained models: checkpoints read, images named, models passed on."""

from .inferencer import MultiLabelInferencer

__all__ = ['MultiLabelInferencer']
