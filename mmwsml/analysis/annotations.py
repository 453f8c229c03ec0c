"""Labels that were found out after training, as a file to train on."""

import json
from pathlib import Path
from typing import AbstractSet, List, Mapping, Sequence

from mmwsml.structures.whole_file import write_whole

#: ``sample_id`` -> class indices.
Labels = Mapping[str, AbstractSet[int]]


def extend_annotations(
    known: Sequence[dict], positives: Labels, negatives: Labels
) -> List[dict]:
    """Add labels to those that training observed.

    Args:
        known (Sequence[dict]): For each image ``sample_id``, ``gt_label`` and
            ``neg_label``, as training saw them.
        positives (Mapping): Labels that become observed positives.
        negatives (Mapping): Labels that become observed negatives.

    Returns:
        list[dict]: The form of :class:`mmwsml.PartialLabelDataset`;
        ``img_path`` is the part of ``sample_id`` behind the namespace.

    Raises:
        ValueError: If the images are of several data sets.
    """
    namespaces = {info['sample_id'].partition('/')[0] for info in known}
    if len(namespaces) > 1:
        raise ValueError(
            f'The run joined the data sets {sorted(namespaces)}, but an '
            'annotation file belongs to one: export a run of each.'
        )
    return [
        dict(
            img_path=info['sample_id'].partition('/')[2],
            gt_label=_join(info['gt_label'], positives, info),
            neg_label=_join(info['neg_label'], negatives, info),
        )
        for info in known
    ]


def _join(labels: Sequence[int], added: Labels, info: dict) -> List[int]:
    return sorted({*labels} | added.get(info['sample_id'], set()))


def write_annotations(
    path: Path, classes: Sequence[str], data_list: Sequence[dict]
) -> None:
    """Write a file of :class:`mmwsml.PartialLabelDataset`.

    Args:
        path (Path): The file; its folder is made where it is not there.
        classes (Sequence[str]): Names of the classes.
        data_list (Sequence[dict]): Its entries.
    """
    content = dict(
        metainfo=dict(classes=list(classes)), data_list=list(data_list)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(content))
