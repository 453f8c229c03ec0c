"""Lists of images and labels in text files, read with line numbers."""

from itertools import chain
from pathlib import Path
from typing import BinaryIO, Callable, Dict, List, Optional, Tuple


def open_file(path: str) -> BinaryIO:
    """Open a file to read its bytes.

    Raises:
        FileNotFoundError: If it is missing.
    """
    try:
        return Path(path).open('rb')
    except OSError as error:
        raise FileNotFoundError(
            f'{path}: {error.strerror}; check `data_root`, or unpack the '
            'archive of the data set.'
        ) from error


def read_bytes(path: str) -> bytes:
    """Read a file that :func:`open_file` can open."""
    with open_file(path) as file:
        return file.read()


def read_lines(path: str) -> List[str]:
    """Read the lines of a text file; blank ones count, but not at its end.

    Raises:
        FileNotFoundError: If it is missing.
        ValueError: If it is not UTF-8.
    """
    content = read_bytes(path)
    try:
        return content.decode().rstrip().splitlines()
    except UnicodeDecodeError as error:
        number = content.count(b'\n', 0, error.start) + 1
        raise ValueError(
            f'{path}, line {number}: the text must be UTF-8, but got '
            f'{content[error.start : error.end]!r}; convert the file.'
        ) from error


def _raise(error: Exception) -> None:
    raise error


def read_pairs(
    path: str,
    values: Optional[Tuple[str, ...]] = None,
    reject: Callable[[Exception], None] = _raise,
) -> Dict[str, str]:
    """Read a file of lines ``name value``.

    Args:
        path (str): The file.
        values (tuple[str], optional): What a value may be. Defaults to None,
            anything.
        reject (Callable): Takes the error of a broken line, which is left out
            if it returns. Defaults to raising it.

    Returns:
        dict[str, str]: Name -> value, in the order of the file.

    Raises:
        FileNotFoundError: If it is missing.
        ValueError: If it is not UTF-8.
    """
    expected = f'one of {values}' if values else 'a value'
    pairs: Dict[str, str] = {}
    for number, line in enumerate(read_lines(path), 1):
        name, _, value = line.strip().partition(' ')
        value = value.strip()
        if not value or (values and value not in values):
            rule = f'it must be a name and {expected}'
        elif name in pairs:
            rule = f'{name:.200} must be listed once'
        else:
            pairs[name] = value
            continue
        reject(
            ValueError(
                f'{path}, line {number}: {rule}, but got {line!r:.200}; '
                'correct the file or download it again.'
            )
        )
    return pairs


def match_names(
    files: Dict[str, Dict[str, str]], reject: Callable[[Exception], None]
) -> List[str]:
    """List the names that several files share, and reject the others.

    Args:
        files (dict[str, dict[str, str]]): Path -> name -> value.
        reject (Callable): Takes the error of a name that a file lacks.

    Returns:
        list[str]: The names that all files have, in the order of the first.
    """
    shared = []
    for name in dict.fromkeys(chain(*files.values())):
        lacking = [path for path, pairs in files.items() if name not in pairs]
        if not lacking:
            shared.append(name)
            continue
        reject(
            ValueError(
                f'{lacking[0]}: {name:.200} is missing, which another file '
                'of the split lists; download the truncated file again.'
            )
        )
    return shared
