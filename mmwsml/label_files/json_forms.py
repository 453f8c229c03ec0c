"""Labels in JSON, in the forms that programs and people write."""

import os
from dataclasses import replace
from typing import Any, Dict, List, Optional, Set

from mmwsml.label_files.coco_labels import read_coco
from mmwsml.label_files.read_options import ReadOptions, split_names
from mmwsml.structures.short_value import short_value

from .bad_entries import BadEntries
from .fiftyone_labels import is_fiftyone, read_fiftyone
from .image_folder import ENDINGS
from .json_labels import read_json
from .json_records import read_records
from .label_studio import is_label_studio, read_label_studio
from .marked_labels import MarkedLabels, collect

#: Keys of the table that is made of an object of images.
IMAGE, LABELS = 'image', 'labels'


def read_json_forms(
    path: str, data: Any, options: ReadOptions, bad: BadEntries
) -> MarkedLabels:
    """Read what a JSON file holds, in the form that its keys tell.

    Args:
        path (str): The file, for messages.
        data: What it holds.
        options (ReadOptions): How it is read.
        bad (BadEntries): Takes the entries that break a rule.

    Raises:
        ValueError: If it is in no form that is read.
    """
    if isinstance(data, list):
        return _read_list(path, data, options, bad)
    if not isinstance(data, dict) or not data:
        raise ValueError(
            f'{path}: must be a JSON object or a list of objects, but got '
            f'{short_value(data)}; take the file of labels.'
        )
    if {'data_list', 'metainfo'} & set(data):
        names = split_names(options.names) or None
        return collect(read_json(path, data, names, bad), bad)
    if is_predictions(data):
        return _read_predictions(path, data, options, bad)
    if 'annotations' in data or {'images', 'categories'} <= set(data):
        return collect(read_coco(path, data, bad), bad)
    if is_fiftyone(data):
        return collect(read_fiftyone(path, data, bad), bad)
    if {'shapes', 'imagePath'} <= set(data):  # LabelMe
        return read_records(path, [(1, data)], options, bad)
    return _read_images(path, data, options, bad)


def is_predictions(data: Any) -> bool:
    """Tell whether a value is what infer.py writes as JSON."""
    keys = {'classes', 'thresholds', 'images'}
    return isinstance(data, dict) and keys <= set(data)


def _read_list(
    path: str, data: List[Any], options: ReadOptions, bad: BadEntries
) -> MarkedLabels:
    records = []
    for number, record in enumerate(data, 1):
        if isinstance(record, dict):
            records.append((number, record))
        else:
            bad.add(
                f'{path}, record {number}: must be an object, but is '
                f'{short_value(record)}'
            )
    bad.judge(len(data))
    if not records:
        raise ValueError(
            f'{path}: holds an empty list; take the file of labels.'
        )
    if not is_label_studio(records):
        return read_records(path, records, options, bad)
    files = _list_files(options.images)
    key = options.positive_key
    return collect(read_label_studio(path, records, key, files, bad), bad)


def _list_files(folder: Optional[str]) -> Optional[Set[str]]:
    """Return the names of all files below a folder."""
    if folder is None:
        return None
    return {name for _, _, names in os.walk(folder) for name in names}


def _read_predictions(
    path: str, data: Dict[str, Any], options: ReadOptions, bad: BadEntries
) -> MarkedLabels:
    """Read what infer.py wrote: its labels, above the thresholds."""
    keys = dict(positive_key='labels', image_column='img_path')
    return _read_list(path, data['images'], replace(options, **keys), bad)


def _read_images(
    path: str, data: Dict[str, Any], options: ReadOptions, bad: BadEntries
) -> MarkedLabels:
    """Read an object with a key an image: names of classes, or marks."""
    values = list(data.values())
    if any(isinstance(x, dict) and 'regions' in x for x in values) or (
        '_via_img_metadata' in data
    ):
        raise ValueError(
            f'{path}: is a project of VIA, which is not read; in VIA, export '
            'the annotations in the form of COCO, or write a list of objects, '
            'each with an image and its labels.'
        )
    if all(map(_are_names, values)):
        _refuse_swapped(path, data)
        records = [{IMAGE: key, LABELS: x} for key, x in data.items()]
        options = replace(options, positive_key=LABELS)
    elif all(_are_marks(x) for x in values):
        records = [{IMAGE: key, **x} for key, x in data.items()]
    else:
        raise ValueError(
            f'{path}: an object with the keys {short_value(list(data))} is in '
            'no form that is read; write a list of objects, each with an '
            'image and its labels, or {image: [classes]}. docs/own-labels.md '
            'has the forms.'
        )
    options = replace(options, image_column=IMAGE)
    return read_records(path, list(enumerate(records, 1)), options, bad)


def _are_names(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(x, (str, int)) for x in value)
    return value is None or isinstance(value, str)


def _are_marks(value: Any) -> bool:
    return isinstance(value, dict) and not any(
        isinstance(x, (dict, list)) for x in value.values()
    )


def _refuse_swapped(path: str, data: Dict[str, Any]) -> None:
    """Refuse lists of images, which are of a class or a part of the data."""
    items = [x for value in data.values() for x in _as_list(value)]
    files = [x for x in items if _is_file(x)]
    if len(files) * 2 > len(items) and not all(map(_is_file, data)):
        raise ValueError(
            f'{path}: the lists of {short_value(list(data))} hold images, '
            f'such as {files[0]!r:.200}, but must hold the classes of an '
            'image: write {image: [classes]}.'
        )


def _as_list(value: Any) -> List[Any]:
    return value if isinstance(value, list) else [value]


def _is_file(name: Any) -> bool:
    is_text = isinstance(name, str)
    return is_text and os.path.splitext(name)[1].lower() in ENDINGS
