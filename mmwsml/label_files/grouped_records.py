"""Records of one image, brought together."""

from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Tuple

from mmwsml.structures.short_value import short_value

from .bad_entries import BadEntries
from .named_labels import NamedLabels

WORDS = {True: 'present', False: 'absent'}
#: Place, image as the file has it and as text, names of what is present and
#: of what is absent.
Row = Tuple[str, Any, str, Tuple[List[str], List[str]]]


class _Image(NamedTuple):
    place: str
    #: Whether a class is present.
    marks: Dict[str, bool]


def group_records(
    rows: Iterable[Row], notes: List[str], bad: BadEntries
) -> Iterator[NamedLabels]:
    """Bring the records of each image together, as the lines of a table.

    Args:
        rows (Iterable[Row]): One or several of each image.
        notes (list[str]): Takes a sentence about images of several records.
        bad (BadEntries): Takes records whose image is no text or that
            contradict another one; their image is left out.

    Yields:
        NamedLabels: Each image once.
    """
    found: Dict[str, _Image] = {}
    wrong: Dict[str, None] = {}
    num_rows = 0
    for place, value, name, lists in rows:
        num_rows += 1
        if isinstance(value, (dict, list, float, bool)):
            bad.add(
                f'{place}: the name of the image must be a text, but is '
                f'{short_value(value)}'
            )
            continue
        # One without a name is not the same as another without.
        image = found.setdefault(name or place, _Image(place, {}))
        odd = _add(image, lists)
        if odd:
            wrong[name] = None
            mark = image.marks[odd]
            bad.add(
                f'{place}: {odd!r:.200} is {WORDS[not mark]} in {name!r:.200},'
                f' but {WORDS[mark]} in {image.place}; crops of one image '
                'need a file each'
            )
    bad.judge(num_rows)
    if num_rows > len(found):
        notes.append(f'{num_rows} records are of {len(found)} images.')
    for name, (place, marks) in found.items():
        if name not in wrong:
            yield _to_labels(place, '' if name == place else name, marks)


def _add(image: _Image, lists: Tuple[List[str], List[str]]) -> str:
    """Add what a record says; return a class that it contradicts."""
    odd = ''
    for names, mark in zip(lists, (True, False)):
        for name in names:
            if image.marks.setdefault(name, mark) != mark:
                odd = odd or name
    return odd


def _to_labels(place: str, name: str, marks: Dict[str, bool]) -> NamedLabels:
    present = [x for x, mark in marks.items() if mark]
    absent = [x for x, mark in marks.items() if not mark]
    return NamedLabels(place, name, present, absent)
