"""Reading text files so that an error can name the line."""

from typing import Iterator, Tuple


def read_lines(path: str) -> Iterator[Tuple[int, str]]:
    """Read a text file in UTF-8, a line at a time, blank ones left out.

    Args:
        path (str): The file.

    Yields:
        tuple[int, str]: Number of the line, from 1, and the line.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is empty or not in UTF-8.
    """
    number = 0
    for number, line in enumerate(_read_bytes(path), start=1):
        try:
            # A byte order mark is what some spreadsheets begin with.
            text = line.decode('utf-8-sig' if number == 1 else 'utf-8')
        except UnicodeDecodeError as error:
            raise ValueError(
                f'{path}, line {number}: must be UTF-8 text, but got the byte '
                f'{line[error.start]:#04x}; save the file as UTF-8.'
            ) from error
        if text.strip():
            yield number, text.rstrip('\r\n')
    if number == 0:
        raise ValueError(f'{path}: the file is empty; make it anew.')


def _read_bytes(path: str) -> Iterator[bytes]:
    try:
        with open(path, 'rb') as file:
            for line in file:
                # A lone \r ends a line, too: old spreadsheets write no other.
                yield from line.splitlines(keepends=True)
    except OSError as error:
        raise FileNotFoundError(
            f'{path}: {error.strerror}; check the path.'
        ) from error
