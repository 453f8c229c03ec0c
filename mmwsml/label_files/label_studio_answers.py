"""What annotators answered in the exports of Label Studio."""

from functools import partial
from typing import Any, Callable, Dict, Iterator, List, Optional, Set

from mmwsml.structures.short_value import short_value

from .json_keys import Records
from .table import clean_text

#: What the short export (JSON-MIN) has beside the data and the answers.
META = {
    'annotation_id',
    'annotator',
    'created_at',
    'id',
    'image',
    'lead_time',
    'updated_at',
}
#: Reads what each annotation of a record chose.
Answer = Callable[[], List[Set[str]]]


def long_answers(records: Records) -> Iterator[Answer]:
    """Yield the answers of tasks (JSON)."""
    for _, record in records:
        yield partial(_of_task, record)


def _of_task(record: Dict[str, Any]) -> List[Set[str]]:
    items = record.get('annotations')
    if not isinstance(items, list) or not all(
        isinstance(x, dict) and isinstance(x.get('result'), list)
        for x in items
    ):
        raise ValueError(
            'its "annotations" must be a list of objects with a list '
            f'"result", but are {short_value(items)}'
        )
    return [
        {name for part in item['result'] for name in _of_part(part)}
        for item in items
        if not item.get('was_cancelled')
    ]


def _of_part(part: Any) -> List[str]:
    value = part.get('value') if isinstance(part, dict) else None
    if not isinstance(value, dict):
        raise ValueError(
            'a result must be an object with a "value", but is '
            f'{short_value(part)}'
        )
    return _of_value(value)


def _of_value(value: Dict[str, Any]) -> List[str]:
    """Return choices, or the labels of a box; a rating or text has none."""
    found: List[str] = []
    for key, names in value.items():
        if key != 'choices' and not key.endswith('labels'):
            continue
        if not isinstance(names, list) or not all(
            isinstance(name, str) and name.strip() for name in names
        ):
            raise ValueError(
                f'{key!r} must be a list of names, but is {short_value(names)}'
            )
        found += map(clean_text, names)
    return found


def short_answers(
    path: str, records: Records, key: Optional[str]
) -> Iterator[Answer]:
    """Yield the answers of annotations (JSON-MIN).

    Args:
        path (str): The file, for messages.
        records (Records): The annotations.
        key (str, optional): Which answer counts. Defaults to None, the only
            one.

    Raises:
        ValueError: If there is none, or there are several.
    """
    keys = dict.fromkeys(
        name for _, record in records for name in record if name not in META
    )
    objects = [
        name
        for name in keys
        if any(isinstance(x.get(name), (dict, list)) for _, x in records)
    ]
    choices = [key] if key else objects or list(keys)
    if len(choices) != 1 or choices[0] not in keys:
        raise ValueError(
            f'{path}: which answer of the annotators counts? There are '
            f'{short_value(list(keys))}; name one with --positive-key.'
        )
    for _, record in records:
        yield partial(_of_short, record.get(choices[0]))


def _of_short(value: Any) -> List[Set[str]]:
    if value is None or value == '':  # looked at, and nothing chosen
        return [set()]
    if isinstance(value, str):
        return [{clean_text(value)}]
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(part, dict) for part in parts):
        raise ValueError(
            'an answer must be a text or an object with "choices", but is '
            f'{short_value(value)}'
        )
    return [{name for part in parts for name in _of_value(part)}]
