"""Data sets of images with partial or complete labels."""

from .digit_scenes import DigitScenes
from .partial_label_dataset import PartialLabelDataset

__all__ = ['DigitScenes', 'PartialLabelDataset']
