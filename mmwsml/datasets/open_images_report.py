"""What was found in the files of Open Images, and what was left out."""

from collections import Counter
from pathlib import Path
from typing import Dict

BAD_LINES = 'bad lines of {}'


class Report(Counter):
    """What was found, and what was left out, by name.

    Args:
        skip_bad (bool): Whether to count a bad entry instead of ending there.
    """

    def __init__(self, skip_bad: bool) -> None:
        super().__init__()
        self.skip_bad = skip_bad
        self._first: Dict[str, str] = {}

    def bad(self, kind: str, message: str, count: int = 1) -> None:
        """Count bad entries, or end.

        Raises:
            ValueError: With ``message``, unless bad entries are skipped.
        """
        if not self.skip_bad:
            raise ValueError(
                f'{message}, or pass --skip-bad to leave it out and count it.'
            )
        self[kind] += count
        self._first.setdefault(kind, message)

    def judge_lines(self, path: Path, num_lines: int) -> None:
        """Refuse a file that is of another form: so many lines are bad.

        Args:
            path (Path): The file that was read.
            num_lines (int): Its lines, good and bad.

        Raises:
            ValueError: If more than a tenth of them are bad.
        """
        kind = BAD_LINES.format(path.name)
        if self[kind] * 10 > num_lines:
            raise ValueError(
                f'{self[kind]} of {num_lines} lines break a rule, more than a '
                f'tenth: {path} is of another form or cut; take the original. '
                f'The first: {self._first[kind]}.'
            )
