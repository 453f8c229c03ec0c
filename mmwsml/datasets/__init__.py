"""Data sets of images with partial or complete labels."""

from .coco_multi_label import COCOMultiLabel
from .cub_attributes import CUBAttributes
from .digit_scenes import DigitScenes
from .endless_sampler import EndlessSampler
from .nuswide import NUSWIDE
from .open_images import OpenImages
from .other_folds import OtherFolds
from .partial_label_dataset import PartialLabelDataset
from .validation_split import ValidationSplit
from .voc_multi_label import VOCMultiLabel

__all__ = [
    'NUSWIDE',
    'COCOMultiLabel',
    'CUBAttributes',
    'DigitScenes',
    'EndlessSampler',
    'OpenImages',
    'OtherFolds',
    'PartialLabelDataset',
    'VOCMultiLabel',
    'ValidationSplit',
]
