"""Choices of annotators, as Label Studio exports them."""

import re
from pathlib import PurePosixPath
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Set
from urllib.parse import parse_qs, unquote, urlsplit

from mmwsml.label_files.label_studio_answers import (
    META,
    long_answers,
    short_answers,
)
from mmwsml.structures.short_value import short_value

from .bad_entries import BadEntries
from .json_keys import Records
from .named_labels import NamedLabels, Source

#: In front of the name of a file that was uploaded.
UPLOADED = re.compile('[0-9a-f]{8}-')


class _Image(NamedTuple):
    place: str
    #: What each annotation chose.
    answers: List[Set[str]]


def is_label_studio(records: Records) -> bool:
    """Tell whether records are tasks of Label Studio, or its short export."""
    _, first = records[0]
    is_task = isinstance(first.get('annotations'), list) and 'data' in first
    return is_task or {'id', 'annotator', 'annotation_id'} <= set(first)


def read_label_studio(
    path: str,
    records: Records,
    key: Optional[str],
    images: Optional[Set[str]],
    bad: BadEntries,
) -> Source:
    """Read what annotators chose, in choices or as the labels of boxes.

    What all annotations of an image chose is present; what some did and
    others did not is unknown. An image that nobody annotated, or that was
    skipped, is left out; one that was looked at without a choice is not.

    Args:
        path (str): The file, for messages.
        records (Records): Tasks (JSON) or annotations (JSON-MIN).
        key (str, optional): JSON-MIN: the answer that counts. Defaults to
            None, the only one.
        images (set[str], optional): Names of the files that are there. An
            uploaded ``d06c405d-1.jpg`` is ``1.jpg`` if only that is. Defaults
            to None, they are named as Label Studio stored them.
        bad (BadEntries): Takes the records that break a rule.

    Returns:
        Source: The images; classes are what was chosen.
    """
    notes: List[str] = []
    found: Dict[str, _Image] = {}
    bare = []
    if any('annotations' in record for _, record in records):
        answers = long_answers(records)
    else:
        answers = short_answers(path, records, key)
    for (number, record), read in zip(records, answers):
        place = f'{path}, record {number}'
        try:
            name = _local_name(_find_image(record), images)
            sets = read()
        except ValueError as error:
            bad.add(f'{place}: {error}')
            continue
        if not sets:
            bare.append(name)
            continue
        found.setdefault(name, _Image(place, [])).answers.extend(sets)
    bad.judge(len(records))
    if bare:
        notes.append(
            f'{path}: {len(bare)} images have no annotation, or a skipped '
            f'one: left out; the first is {bare[0]!r:.200}.'
        )
    return Source(None, _agree(path, found, notes), None, notes)


def _agree(
    path: str, images: Dict[str, _Image], notes: List[str]
) -> Iterator[NamedLabels]:
    num_unsure = 0
    for name, (place, answers) in images.items():
        agreed = set.intersection(*answers)
        unsure = set.union(*answers) - agreed
        num_unsure += len(unsure)
        yield NamedLabels(place, name, sorted(agreed), (), sorted(unsure))
    if num_unsure:
        notes.append(
            f'{path}: {num_unsure} choices are of some annotators of an image '
            'and not of others: unknown.'
        )


def _find_image(record: Dict[str, Any]) -> str:
    """Return the path or address of the image of a record."""
    data = record.get('data', record)
    found = data.get('image') if isinstance(data, dict) else None
    if found is None and isinstance(data, dict):
        paths = [
            x
            for key, x in data.items()
            if key not in META and isinstance(x, str) and '/' in x
        ]
        found = paths[0] if len(paths) == 1 else None
    if not isinstance(found, str) or not found:
        raise ValueError(
            'its data must name one image, as a text in "image", but has '
            f'{short_value(data)}'
        )
    return found


def _local_name(address: str, images: Optional[Set[str]]) -> str:
    """Return the file of an address of Label Studio's server."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    local = parse_qs(parts.query).get('d')  # of a folder that it serves
    path = local[0] if local else address
    if '/data/upload/' not in path:
        return path
    path = PurePosixPath(unquote(parts.path)).name
    bare = UPLOADED.sub('', path, count=1)
    is_bare = images is not None and path not in images and bare in images
    return bare if is_bare else path
