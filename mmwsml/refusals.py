"""Errors as one line for a person."""

import linecache
import re
import traceback
from pathlib import Path
from typing import Tuple

#: What raises refusals: the package, and the tools beside it.
PACKAGE = Path(__file__).absolute().parent
OURS = PACKAGE, PACKAGE.parent / 'tools'
#: How torch passes on what happened in a process of a data loader.
WORKER = 'Original Traceback (most recent call last)'


def describe(error: Exception) -> str:
    """Write an error as one line.

    Args:
        error (Exception): With its traceback.

    Returns:
        str: The sentence alone of a refusal; else the type, too, and how to
        see where it comes from.
    """
    text, is_refusal = str(error), isinstance(error, OSError)
    if WORKER in text:
        frame, text = _split_worker(text)
        is_refusal |= _is_raised_by_us(*frame)
    elif error.__traceback__ is not None:
        *_, last = traceback.walk_tb(error.__traceback__)
        path = last[0].f_code.co_filename
        is_refusal |= _is_raised_by_us(path, linecache.getline(path, last[1]))
    if isinstance(error, OSError) and error.strerror and error.filename:
        text = f'{error.filename}: {error.strerror}'  # without its number
    elif isinstance(error, KeyError) and error.args:
        text = str(error.args[0])  # not in quotes
    text = ' '.join(line.strip() for line in text.splitlines()).strip()
    text = ''.join(x if x.isprintable() else repr(x)[1:-1] for x in text)
    if is_refusal and text:
        return text
    name = type(error).__name__
    text = f'{name}: {text.rstrip(".")}' if text else name
    return f'{text}; run again with --debug to see where'


def _is_raised_by_us(path: str, line: str) -> bool:
    """Whether a line of the package, or of a tool, is a ``raise``."""
    inside = any(folder in Path(path).absolute().parents for folder in OURS)
    return inside and line.lstrip().startswith('raise')


def _split_worker(text: str) -> Tuple[Tuple[str, str], str]:
    """Take a worker's traceback apart: last frame, and message."""
    lines = text.splitlines()
    numbers = [n for n, x in enumerate(lines) if x.startswith('  File "')]
    frame = lines[numbers[-1]].split('"')[1], lines[numbers[-1] + 1]
    rest = [x for x in lines[numbers[-1] + 1 :] if not x.startswith('    ')]
    return frame, re.sub(r'^[\w.]+: ', '', '\n'.join(rest))
