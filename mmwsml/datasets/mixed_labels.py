"""Data sets of complete labels beside those of partial ones."""

from typing import List

from torch.utils.data import Dataset

from .base_multi_label_dataset import BaseMultiLabelDataset
from .infos import iter_datasets, observe_info
from .transforms import KeepKnownFraction


def observe_complete_sets(dataset: Dataset) -> List[str]:
    """Let complete labels count as observed, each, beside partial ones.

    A head reads labels of one kind. A data set says that its labels are
    complete (``labels='complete'``); one that says nothing stays as it is.

    Args:
        dataset (Dataset): In any wrappers; pipelines are changed in place.

    Returns:
        list[str]: The annotation files of the sets that were changed.
    """
    parts = [child for child in iter_datasets(dataset) if len(child)]
    partial = [
        'neg_label' in observe_info(child, child.get_data_info(0))
        for child in parts
    ]
    if not any(partial):
        return []
    changed = []
    for child, is_partial in zip(parts, partial):
        if isinstance(child, BaseMultiLabelDataset) and not is_partial:
            keep_all = KeepKnownFraction(1.0, len(child.CLASSES))
            child.pipeline.transforms.insert(0, keep_all)
            changed.append(str(child.ann_file))
    return changed
