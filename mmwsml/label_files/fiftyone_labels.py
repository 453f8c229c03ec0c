"""Labels as FiftyOne exports them, by the stem of each image."""

from typing import Any, Dict, Iterator, List, Optional

from mmwsml.label_files.class_names import check_names
from mmwsml.structures.short_value import short_value

from .bad_entries import BadEntries
from .named_labels import NamedLabels, Source


def is_fiftyone(data: Dict[str, Any]) -> bool:
    """Tell whether an object has FiftyOne's ``classes`` and ``labels``."""
    return 'classes' in data and isinstance(data.get('labels'), dict)


def read_fiftyone(path: str, data: Dict[str, Any], bad: BadEntries) -> Source:
    """Read ``classes`` and ``labels`` of a ``labels.json``.

    A label is a number of ``classes`` (a name, where that is null), or an
    object with one in ``label``: a classification or a detection. An image
    with null was not labelled; it is left out.

    Args:
        path (str): The file, for messages.
        data (dict): What it holds.
        bad (BadEntries): Takes the images that break a rule.

    Returns:
        Source: The classes and the images, by their stems.
    """
    classes = data['classes']
    if classes is not None:
        check_names(f'{path}: its "classes"', classes)
    notes: List[str] = []
    return Source(classes, _read(path, data, notes, bad), None, notes)


def _read(
    path: str, data: Dict[str, Any], notes: List[str], bad: BadEntries
) -> Iterator[NamedLabels]:
    labels, num_bare = data['labels'], 0
    for stem, value in labels.items():
        place = f'{path}, {short_value(stem)}'
        if value is None:
            num_bare += 1
            continue
        items = value if isinstance(value, list) else [value]
        try:
            names = [_name(item, data['classes']) for item in items]
        except ValueError as error:
            bad.add(f'{place}: {error}')
        else:
            yield NamedLabels(place, stem, list(dict.fromkeys(names)))
    bad.judge(len(labels))
    if num_bare:
        notes.append(
            f'{path}: {num_bare} images have null for labels, which says '
            'nothing: left out.'
        )


def _name(item: Any, classes: Optional[List[str]]) -> str:
    label = item.get('label') if isinstance(item, dict) else item
    if classes is None and isinstance(label, str):
        return label
    if classes and type(label) is int and 0 <= label < len(classes):
        return classes[label]
    rule = 'a name, as "classes" is null'
    if classes:
        rule = f'the number of one of {len(classes)} classes'
    raise ValueError(f'a label must be {rule}, but is {short_value(label)}')
