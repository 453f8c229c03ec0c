"""Labels of a user's own, by the names of their classes, and our form."""

import json
import os
from typing import Dict, Iterable, List, NamedTuple, Optional, Sequence

from mmwsml.structures import find_label_error, make_sample_id
from mmwsml.structures.whole_file import write_whole

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
    #: What was left out that is no bad entry, a sentence each.
    notes: Sequence[str] = ()
    #: Those of ``classes`` that the source does not have.
    foreign: Sequence[str] = ()


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
    entries: Dict[str, dict] = {}
    places: Dict[str, str] = {}
    num_images = 0
    for image in source.images:
        num_images += 1
        try:
            sample_id = _identify(image, places, entries)
            entry = _to_entry(image, index, labels, source.foreign)
        except ValueError as error:
            bad.add(f'{image.place}: {error}')
            continue
        if folder and not os.path.isfile(os.path.join(folder, image.img_path)):
            bad.add_missing(
                f'{image.place}: there is no image {image.img_path!r} in '
                f'{folder}'
            )
        else:
            entries[sample_id] = entry
    bad.judge(num_images)
    if not entries:
        raise ValueError(
            'No image is left to write: the source has none, or all of them '
            f'are bad.\n{bad}'
        )
    return list(entries.values())


def _identify(
    image: NamedLabels, places: Dict[str, str], entries: Dict[str, dict]
) -> str:
    """Return the identity of an image; of twins none stays."""
    try:
        if not image.img_path or '://' in image.img_path:
            raise ValueError('no path')
        sample_id = make_sample_id('images', image.img_path)
    except ValueError as error:
        raise ValueError(
            f'the path {image.img_path!r} must lead from the folder of images '
            'to one in it; cut off what stands in front'
        ) from error
    first = places.setdefault(sample_id, image.place)
    if first != image.place:
        entries.pop(sample_id, None)  # which of them is right?
        raise ValueError(
            f'{image.img_path!r} is there twice, first in {first}'
        )
    return sample_id


def _to_entry(
    image: NamedLabels,
    index: Dict[str, int],
    labels: str,
    foreign: Sequence[str],
) -> dict:
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
    if image.negatives is None:  # what the source does not say is absent
        num_unknown = len(foreign)
    if num_unknown:
        raise ValueError(
            f'{num_unknown} labels of {image.img_path!r} are unknown, but '
            'labels are to be complete'
        )
    return entry


def save_annotations(
    classes: Sequence[str], data_list: Sequence[dict], path: str
) -> None:
    """Write the annotation JSON of :class:`mmwsml.PartialLabelDataset`."""
    data = dict(metainfo=dict(classes=list(classes)), data_list=data_list)
    write_whole(path, f'{json.dumps(data)}\n')
