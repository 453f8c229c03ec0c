"""The annotation file that training reads, from what was read of others."""

import json
from typing import Iterator

import numpy as np

from mmwsml.structures.whole_file import whole_file

from .bad_entries import BadEntries
from .marked_labels import UNKNOWN, MarkedLabels


def to_entries(marked: MarkedLabels, labels: str) -> Iterator[dict]:
    """Yield the entries of an annotation file.

    Args:
        marked (MarkedLabels): Images by their paths.
        labels (str): 'partial' or 'complete', which lists no negatives.

    Yields:
        dict: ``img_path``, ``gt_label`` and, where labels are partial,
        ``neg_label``, as :class:`mmwsml.PartialLabelDataset` reads them.
    """
    for path, (positives, negatives) in zip(marked.images, marked.lists()):
        entry = dict(img_path=path, gt_label=positives)
        yield (
            entry
            if labels == 'complete'
            else {**entry, 'neg_label': negatives}
        )


def save_annotations(marked: MarkedLabels, labels: str, path: str) -> None:
    """Write the annotation JSON of :class:`mmwsml.PartialLabelDataset`.

    Args:
        marked (MarkedLabels): Images by their paths.
        labels (str): 'partial' or 'complete'.
        path (str): The file.
    """
    with whole_file(path) as file:
        names = json.dumps(marked.classes)
        file.write(f'{{"metainfo": {{"classes": {names}}}, "data_list": [\n')
        comma = ''
        for entry in to_entries(marked, labels):
            file.write(comma + json.dumps(entry))
            comma = ',\n'
        file.write('\n]}\n')


def need_complete(marked: MarkedLabels, bad: BadEntries) -> MarkedLabels:
    """Keep the images of which every label is known.

    Args:
        marked (MarkedLabels): What was read.
        bad (BadEntries): Takes the others.
    """
    counts = [(dense == UNKNOWN).sum(1) for dense in marked.dense()]
    num_unknown = np.concatenate([np.zeros(0, np.int64), *counts])
    for row in np.flatnonzero(num_unknown).tolist():
        bad.add(
            f'{marked.place(row)}: {num_unknown[row]} labels of '
            f'{marked.images[row]!r} are unknown, but labels are to be '
            'complete; leave --labels complete out, or, where what is not '
            'marked is absent, say --rest absent'
        )
    bad.judge(len(marked))
    return marked.take(np.flatnonzero(num_unknown == 0))
