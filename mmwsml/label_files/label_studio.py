"""Choices of annotators, as Label Studio exports them."""

import re
from pathlib import PurePosixPath
from typing import Any, Dict, Iterator, List, Optional, Sequence, Set
from urllib.parse import parse_qs, unquote, urlsplit

from mmwsml.structures.short_value import short_value

from .bad_entries import BadEntries
from .named_labels import NamedLabels, Source

#: What the short export (JSON-MIN) has beside the data and the answers.
META = {
    'id',
    'annotator',
    'annotation_id',
    'created_at',
    'updated_at',
    'lead_time',
}
#: In front of the name of a file that was uploaded.
UPLOADED = re.compile('[0-9a-f]{8}-')


def is_label_studio(records: Sequence[Any]) -> bool:
    """Tell whether records are tasks of Label Studio, or its short export."""
    first = records[0] if records else None
    if not isinstance(first, dict):
        return False
    is_task = isinstance(first.get('annotations'), list) and 'data' in first
    return is_task or {'annotator', 'annotation_id'} <= set(first)


def read_label_studio(
    path: str,
    records: Sequence[Any],
    images: Optional[Set[str]],
    bad: BadEntries,
) -> Source:
    """Read the choices of tasks.

    What all annotations of an image chose is present; what some did and
    others did not is unknown. An image that nobody annotated, or that was
    skipped, is left out; one that was looked at without a choice is not.

    Args:
        path (str): The file, for messages.
        records (Sequence): Tasks (JSON), or annotations (JSON-MIN).
        images (set[str], optional): Names of the files that are there. An
            uploaded ``d06c405d-1.jpg`` is ``1.jpg`` if only that is. Defaults
            to None, they are named as Label Studio stored them.
        bad (BadEntries): Takes the records that break a rule.

    Returns:
        Source: The images; classes are what was chosen.
    """
    notes: List[str] = []
    return Source(None, _read(path, records, images, notes, bad), None, notes)


def _read(
    path: str,
    records: Sequence[Any],
    images: Optional[Set[str]],
    notes: List[str],
    bad: BadEntries,
) -> Iterator[NamedLabels]:
    answers: Dict[str, List[Set[str]]] = {}
    places: Dict[str, str] = {}
    num_bare = 0
    for number, record in enumerate(records, 1):
        place = f'{path}, record {number}'
        try:
            name = _local_name(_image_of(record), images)
            found = _choices_of(record)
        except ValueError as error:
            bad.add(f'{place}: {error}')
            continue
        num_bare += not found
        if found:
            answers.setdefault(name, []).extend(found)
            places.setdefault(name, place)
    bad.judge(len(records))
    num_unsure = 0
    for name, sets in answers.items():
        agreed = sorted(set.intersection(*sets))
        unsure = sorted(set.union(*sets).difference(agreed))
        num_unsure += len(unsure)
        yield NamedLabels(places[name], name, agreed, unsure=unsure)
    if num_bare:
        notes.append(f'{path}: {num_bare} images without an annotation: left out.')
    if num_unsure:
        notes.append(
            f'{path}: of {num_unsure} choices annotators differ: unknown.'
        )


def _image_of(record: Any) -> str:
    """Return the path or address of the image of a record."""
    data = record.get('data', record) if isinstance(record, dict) else None
    if not isinstance(data, dict):
        raise ValueError(f'must be a task with data, but is {short_value(record)}')
    found = data.get('image')
    if found is None:
        texts = [
            x
            for key, x in data.items()
            if key not in META and isinstance(x, str) and '/' in x
        ]
        found = texts[0] if len(texts) == 1 else None
    if not isinstance(found, str) or not found:
        raise ValueError(
            'must name its image in one text of its data, but has '
            f'{short_value(data)}'
        )
    return found


def _local_name(address: str, images: Optional[Set[str]]) -> str:
    """Return the name of the file at an address of Label Studio's server."""
    parts = urlsplit(address)
    local = parse_qs(parts.query).get('d')  # of a folder that it serves
    path = local[0] if local else address
    if '/data/upload/' in path:
        path = PurePosixPath(unquote(parts.path)).name
        bare = UPLOADED.sub('', path, count=1)
        if images is not None and path not in images and bare in images:
            return bare
    return path


def _choices_of(record: Dict[str, Any]) -> List[Set[str]]:
    """Return what each annotation chose."""
    if 'annotations' not in record:
        return [_short_choices(record)]
    items = record['annotations']
    if not isinstance(items, list) or not all(
        isinstance(x, dict) and isinstance(x.get('result'), list)
        for x in items
    ):
        raise ValueError(
            f'its annotations must be objects with a list "result", but are '
            f'{short_value(items)}'
        )
    return [
        {name for part in x['result'] for name in _names(_value(part))}
        for x in items
        if not x.get('was_cancelled')
    ]


def _value(part: Any) -> Any:
    """Return the choices of a part of an annotation; other parts have none."""
    if not isinstance(part, dict) or not isinstance(part.get('value'), dict):
        raise ValueError(
            f'a result must be an object with a value, but is '
            f'{short_value(part)}'
        )
    value = part['value']
    labels = [x for key, x in value.items() if key.endswith('labels')]
    return value.get('choices', labels[0] if labels else [])
