"""Labels in the annotation JSON, by number or by name."""

from collections import Counter
from typing import Any, Dict, Iterator, List, Optional, Tuple

from mmwsml.label_files.class_names import check_names
from mmwsml.label_files.text_lines import read_lines
from mmwsml.structures.json_text import parse_json

from .bad_entries import BadEntries
from .named_labels import NamedLabels, Source


def load_json(path: str) -> Any:
    """Read a JSON file.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file holds something else, or is cut off.
    """
    text = '\n'.join(line for _, line in read_lines(path))
    try:
        return parse_json(text, pairs_hook=_need_distinct)
    except ValueError as error:
        lines = ', or is of JSON lines, which end in .jsonl'
        more = lines if 'Extra data' in str(error) else ''
        raise ValueError(
            f'{path}: must be JSON, but {error}; the file is cut off or was '
            f'edited{more}.'
        ) from error


def _need_distinct(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    """Make an object; of two equal keys JSON would lose the first."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f'the key {twice!r:.200} is twice in an object')
    return found


def read_json(
    path: str, data: dict, classes: Optional[List[str]], bad: BadEntries
) -> Source:
    """Read ``metainfo`` and ``data_list``.

    Args:
        path (str): The file, for messages.
        data (dict): What it holds. ``data_list`` has dicts with ``img_path``,
            ``gt_label`` and maybe ``neg_label``, lists of classes by name or
            by number, which counts in the names of ``metainfo``.
        classes (list[str], optional): Names, where the file has none.
        bad (BadEntries): Takes the entries that break a rule.

    Returns:
        Source: The classes and the images.

    Raises:
        ValueError: If classes or entries are missing.
    """
    names = _own_names(path, data.get('metainfo')) or classes
    if not names:
        raise ValueError(
            f'{path}: names no classes; add "classes" to its "metainfo", or '
            'give them with --names FILE.'
        )
    if not isinstance(data.get('data_list'), list):
        raise ValueError(
            f'{path}: must have a list "data_list" with an entry for each '
            'image, or "images", "annotations" and "categories" (COCO).'
        )
    entries = data['data_list']
    _refuse_marks(path, entries, len(names))
    has_negatives = any(
        'neg_label' in x for x in entries if isinstance(x, dict)
    )
    return Source(
        names,
        _read_entries(path, data, names, bad),
        'unknown' if has_negatives else None,
    )


def _own_names(path: str, metainfo: object) -> Optional[List[str]]:
    """Return the names that the file gives its numbers, None: it has none."""
    if metainfo is None:
        return None
    if not isinstance(metainfo, dict):
        raise ValueError(
            f'{path}: "metainfo" must be an object with "classes", but is '
            f'{metainfo!r:.60}; correct it.'
        )
    if 'classes' not in metainfo:
        alike = [key for key in metainfo if key.lower() == 'classes']
        if alike:
            raise ValueError(
                f'{path}: its "metainfo" has {alike[0]!r}; write it as '
                '"classes".'
            )
        return None
    check_names(f'{path}: "classes" of its "metainfo"', metainfo['classes'])
    return metainfo['classes']


def _refuse_marks(path: str, entries: List[object], num_classes: int) -> None:
    """Refuse rows of a matrix, which may look like lists of numbers."""
    found = [entry for entry in entries if isinstance(entry, dict)]
    if num_classes == 1 or any('neg_label' in entry for entry in found):
        return
    lists = [entry.get('gt_label') for entry in found]
    if lists and all(_may_be_marks(x, num_classes) for x in lists):
        raise ValueError(
            f'{path}: each `gt_label`, such as {lists[0]}, holds 0 and 1 only '
            f'and is as long as the list of {num_classes} classes: is it a '
            'row of marks, or are these the numbers of the classes that are '
            'present? Write the names of those that are present.'
        )


def _may_be_marks(labels: object, num_classes: int) -> bool:
    if not isinstance(labels, list) or len(labels) != num_classes:
        return False
    return all(type(x) is int and x in (0, 1) for x in labels)


def _read_entries(
    path: str, data: dict, classes: List[str], bad: BadEntries
) -> Iterator[NamedLabels]:
    for number, entry in enumerate(data['data_list']):
        place = f'{path}, entry {number}'
        try:
            yield _read_entry(place, entry, classes)
        except ValueError as error:
            bad.add(f'{place}: {error}')
    bad.judge(len(data['data_list']))


def _read_entry(place: str, entry: object, classes: List[str]) -> NamedLabels:
    if not isinstance(entry, dict):
        raise ValueError(f'must be an object, but is {entry!r}')
    if not isinstance(entry.get('img_path'), str):
        raise ValueError(
            f'`img_path` must be a text, but is {entry.get("img_path")!r}'
        )
    positives = _to_names('gt_label', entry.get('gt_label'), classes)
    negatives = _to_names('neg_label', entry.get('neg_label', []), classes)
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
