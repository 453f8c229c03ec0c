"""The annotation files of a split."""

import os
from typing import Dict, List, Sequence

from mmwsml.label_files.annotations import save_annotations

from .class_report import count_classes
from .marked_labels import MarkedLabels
from .stratified_split import say_what_lacks


def split_paths(folder: str, names: Sequence[str]) -> List[str]:
    """Return where the parts of a split go."""
    return [os.path.join(folder, f'{name}.json') for name in names]


def save_split(
    parts: Dict[str, MarkedLabels], labels: str, folder: str
) -> List[str]:
    """Write a file for each part of a split, with the same classes.

    Args:
        parts (dict[str, MarkedLabels]): By their names.
        labels (str): 'partial' or 'complete'.
        folder (str): It is made. The first part is written last: if it is
            there, so are the others.

    Returns:
        list[str]: What each part holds, and what it lacks.
    """
    os.makedirs(folder, exist_ok=True)
    paths = dict(zip(parts, split_paths(folder, list(parts))))
    for name in reversed(parts):
        save_annotations(parts[name], labels, paths[name])
    counts = {name: count_classes(x).total() for name, x in parts.items()}
    lines = [
        f'{paths[name]}: {x.num_images} images, {x.num_positives} known '
        f'positives, {x.num_negatives} known negatives'
        for name, x in counts.items()
    ]
    return lines + say_what_lacks(parts)
