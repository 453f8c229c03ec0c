"""Labels of a user's own, by the names of their classes, and our form."""

import json
import os
from typing import Dict, Iterable, List, NamedTuple, Optional, Sequence

from mmwsml.structures import find_label_error, make_sample_id

from .bad_entries import BadEntries


class NamedLabels(NamedTuple):
    """What a file says of one image."""

    #: File and line or entry, for a message.
    place: str
    #: Path of the image below the folder of images.
    img_path: str
    positives: Sequence[str]
    #: None: nothing is said.
    negatives: Optional[Sequence[str]]


class Source(NamedTuple):
    """What a reader found."""

    classes: List[str]
    images: Iterable[NamedLabels]


def to_data_list(
    source: Source, labels: str, folder: Optional[str], bad: BadEntries
) -> List[dict]:
    """Turn what a reader found into the entries of an annotation file.

    Args:
        source (Source): Classes and images.
        labels (str): 'partial': what is not said is unknown. 'complete':
            every label must be known, and what is not said is absent.
        folder (str, optional): Where each image must be. Defaults to None,
            images are not looked for.
        bad (BadEntries): Takes the images that break a rule.

    Returns:
        list[dict]: ``img_path``, ``gt_label`` and, where labels are partial,
        ``neg_label``, as :class:`mmwsml.PartialLabelDataset` reads them.

    Raises:
        ValueError: If no image is left.
    """
    index = {name: label for label, name in enumerate(source.classes)}
    data_list, seen = [], {}
    for image in source.images:
        try:
            entry = _to_entry(image, index, labels)
            _check_path(image, folder, seen)
            data_list.append(entry)
        except ValueError as error:
            bad.add(f'{image.place}: {error}')
    if not data_list:
        raise ValueError(
            'No image is left to write: the source has none, or all of them '
            f'are bad.\n{bad}'
        )
    return data_list


def _to_entry(image: NamedLabels, index: Dict[str, int], labels: str) -> dict:
    lists = [image.positives, image.negatives or ()]
    for name in (name for names in lists for name in names):
        if name not in index:
            raise ValueError(f'there is no class {name!r} in the class list')
    positives, negatives = (
        sorted(index[name] for name in names) for names in lists
    )
    error = find_label_error(positives, negatives, len(index))
    if error:
        raise ValueError(
            f'the labels of {image.img_path!r} are wrong: {error}'
        )
    entry = dict(img_path=image.img_path, gt_label=positives)
    if labels == 'partial':
        return {**entry, 'neg_label': negatives}
    num_unknown = len(index) - len(positives) - len(negatives)
    if image.negatives is not None and num_unknown:
        raise ValueError(
            f'{num_unknown} labels of {image.img_path!r} are unknown, but '
            'labels are to be complete'
        )
    return entry


def _check_path(
    image: NamedLabels, folder: Optional[str], seen: Dict[str, str]
) -> None:
    sample_id = make_sample_id('images', image.img_path)
    if sample_id in seen:
        raise ValueError(
            f'{image.img_path!r} is there twice, first in {seen[sample_id]}'
        )
    seen[sample_id] = image.place
    if folder and not os.path.isfile(os.path.join(folder, image.img_path)):
        raise ValueError(f'there is no image {image.img_path!r} in {folder}')


def save_annotations(
    classes: Sequence[str], data_list: Sequence[dict], path: str
) -> None:
    """Write the annotation JSON of :class:`mmwsml.PartialLabelDataset`."""
    data = dict(metainfo=dict(classes=list(classes)), data_list=data_list)
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(data, file)
        file.write('\n')
