"""Keys of JSON objects, and of the objects in them (``shapes.label``)."""

from itertools import islice
from typing import Any, Dict, Iterable, Iterator, List, Sequence, Tuple

#: Number, from 1, and the object.
Records = Sequence[Tuple[int, Dict[str, Any]]]
NUM_SEARCHED = 1000  # records, for keys that may name classes


def gather(value: Any, keys: Sequence[str]) -> List[Any]:
    """Collect what a key of a key leads to, of every item of a list.

    Args:
        value (Any): Objects, lists and plain values, one in another.
        keys (Sequence[str]): One key for each level of objects.

    Returns:
        list: Plain values; a missing key gives none.
    """
    if isinstance(value, list):
        return [found for item in value for found in gather(item, keys)]
    if not keys:
        return [value] if value is not None else []
    if isinstance(value, dict):
        return gather(value.get(keys[0]), keys[1:])
    return []


def flatten(
    records: Records, keys: Iterable[str]
) -> Iterator[Tuple[int, Dict[str, Any]]]:
    """Give objects the keys of inner objects that are asked for.

    Args:
        records (Records): The objects, which stay as they are.
        keys (Iterable[str]): Keys with dots, such as ``shapes.label``.

    Yields:
        tuple[int, dict]: Number and object. An inner key leads to a list, of
        texts once each, or to the text where it is the only one.
    """
    inner = [key for key in keys if not any(key in x for _, x in records)]
    for number, record in records:
        added = {}
        for key in inner:
            found = gather(record, key.split('.'))
            if found:
                added[key] = found[0] if len(found) == 1 else found
        yield number, {**record, **added} if added else record


def find_name_keys(records: Records) -> List[str]:
    """Find the keys whose lists hold texts, which may name classes.

    Args:
        records (Records): The objects, of which the first are searched.

    Returns:
        list[str]: Keys, with dots where they are of inner objects; those
        of lists of whole numbers where no list holds a text.
    """
    texts: Dict[str, None] = {}
    numbers: Dict[str, None] = {}
    for _, record in islice(records, NUM_SEARCHED):
        for key, value in _walk(record, (), False):
            if isinstance(value, str):
                texts.setdefault(key)
            elif type(value) is int:
                numbers.setdefault(key)
    return list(texts or numbers)


def _walk(
    value: Any, keys: Tuple[str, ...], in_list: bool
) -> Iterator[Tuple[str, Any]]:
    """Yield what is in a list, at any depth, with its key."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, (*keys, key), in_list)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item, keys, True)
    elif in_list:
        yield '.'.join(keys), value
