"""A reader under test, and what is right of it."""

import random
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Sequence

from .damage_arrays import damage_archive, damage_array
from .damage_text import damage_bytes, damage_lines
from .damage_values import damage_json

Damage = Callable[[bytes, random.Random], bytes]
CLASSES = ['cat', 'dog', 'horse', 'cow']


class WrongResultError(Exception):
    """A result that cannot be right, or a message that does not help."""


class Reader(NamedTuple):
    """What turns files into a result."""

    name: str
    #: Write whole files into a folder that is there.
    write: Callable[[Path], None]
    #: Read the folder. The second argument is for choices, such as skipping.
    read: Callable[[Path, random.Random], Any]
    #: Endings of the files that are damaged.
    endings: Sequence[str]


def need(condition: bool, what: str) -> None:
    """Refuse a result.

    Raises:
        WrongResultError: If the condition does not hold.
    """
    if not condition:
        raise WrongResultError(what)


def check_labels(
    num_classes: int, images: Sequence[Sequence[List[int]]]
) -> None:
    """Check lists of positives and negatives of each image.

    Raises:
        WrongResultError: If a class is out of range, twice, or both.
    """
    for positives, negatives in images:
        both = [*positives, *negatives]
        need(len(set(both)) == len(both), f'a class twice: {both}')
        good = all(0 <= label < num_classes for label in both)
        need(good, f'a class outside [0, {num_classes}): {both}')


def check_sentence(text: str, folder: Path) -> None:
    """Check that a message is a sentence of ours.

    Raises:
        WrongResultError: If it does not name the file, or goes on and on.
    """
    need(str(folder) in text, f'the message names no file: {text[:300]!r}')
    need(len(text) < 3000, f'a message of {len(text)} letters')
    first = text.partition('\n')[0]
    need('Traceback' not in text, f'a traceback: {first!r}')


def _damage_json_line(content: bytes, rng: random.Random) -> bytes:
    lines = content.splitlines()
    row = rng.randrange(len(lines))
    lines[row] = damage_json(lines[row], rng)
    return b'\n'.join(lines)


#: Ending -> ways to damage such a file.
DAMAGES: Dict[str, Sequence[Damage]] = {
    '.json': (damage_json, damage_json, damage_json, damage_bytes),
    '.jsonl': (_damage_json_line, _damage_json_line, damage_lines),
    '.npy': (damage_array,),
    '.npz': (damage_archive,),
    '.csv': (damage_lines, damage_lines, damage_bytes),
    '.txt': (damage_lines, damage_lines, damage_bytes),
    '.xml': (damage_lines, damage_bytes),
    '.png': (damage_bytes,),
    '.jpg': (damage_bytes,),
    '.pth': (damage_bytes,),
}


def write_text(name: str, text: str) -> Any:
    """Return what writes a text into a folder."""

    def write(folder: Path) -> None:
        (folder / name).write_text(text)

    return write


def text_reader(name: str, file: str, text: str, read: Any) -> Reader:
    """Make the reader of a file of text."""
    return Reader(name, write_text(file, text), read, [Path(file).suffix])
