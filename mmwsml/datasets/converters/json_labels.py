"""Labels in the annotation JSON, by number or by name."""

import json
from typing import Iterator, List, Optional

from mmwsml.datasets.text_lines import read_lines

from .bad_entries import BadEntries
from .named_labels import NamedLabels, Source


def load_json(path: str) -> dict:
    """Read a JSON object.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file holds something else, or is cut off.
    """
    text = '\n'.join(line for _, line in read_lines(path))
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ValueError(
            f'{path}: must be JSON, but {error}; the file is cut off or was '
            'edited.'
        ) from error
    if not isinstance(data, dict):
        raise ValueError(
            f'{path}: must be a JSON object, but got a {type(data).__name__}; '
            'name its parts.'
        )
    return data


def read_json(
    path: str, data: dict, classes: Optional[List[str]], bad: BadEntries
) -> Source:
    """Read ``metainfo`` and ``data_list``.

    Args:
        path (str): The file, for messages.
        data (dict): What it holds. ``data_list`` has dicts with ``img_path``,
            ``gt_label`` and maybe ``neg_label``, lists of classes by number
            or by name.
        classes (list[str], optional): Names, where the file has none.
        bad (BadEntries): Takes the entries that break a rule.

    Returns:
        Source: The classes and the images.

    Raises:
        ValueError: If classes or entries are missing.
    """
    metainfo = data.get('metainfo')
    if not classes and isinstance(metainfo, dict):
        classes = metainfo.get('classes')
    if not isinstance(classes, list) or not classes:
        raise ValueError(
            f'{path}: names no classes; add "classes" to its "metainfo", or '
            'give them with --classes.'
        )
    if not isinstance(data.get('data_list'), list):
        raise ValueError(
            f'{path}: must have a list "data_list" with an entry for each '
            'image, or "images", "annotations" and "categories" (COCO).'
        )
    return Source(classes, _read_entries(path, data, classes, bad))


def _read_entries(
    path: str, data: dict, classes: List[str], bad: BadEntries
) -> Iterator[NamedLabels]:
    for number, entry in enumerate(data['data_list']):
        place = f'{path}, entry {number}'
        try:
            yield _read_entry(place, entry, classes)
        except ValueError as error:
            bad.add(f'{place}: {error}')


def _read_entry(place: str, entry: object, classes: List[str]) -> NamedLabels:
    if not isinstance(entry, dict):
        raise ValueError(f'must be an object, but is {entry!r}')
    if not isinstance(entry.get('img_path'), str):
        raise ValueError(
            f'`img_path` must be a text, but is {entry.get("img_path")!r}'
        )
    positives = _to_names('gt_label', entry.get('gt_label'), classes)
    negatives = None
    if 'neg_label' in entry:
        negatives = _to_names('neg_label', entry['neg_label'], classes)
    return NamedLabels(place, entry['img_path'], positives, negatives)


def _to_names(key: str, labels: object, classes: List[str]) -> List[str]:
    if not isinstance(labels, list):
        raise ValueError(f'`{key}` must be a list, but is {labels!r}')
    names = []
    for label in labels:
        if type(label) is int and 0 <= label < len(classes):
            names.append(classes[label])
        elif isinstance(label, str):
            names.append(label)
        else:
            raise ValueError(
                f'`{key}` must hold names of classes or integers in [0, '
                f'{len(classes)}), but holds {label!r}'
            )
    return names
