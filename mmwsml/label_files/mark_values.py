"""What the value of a cell says of a class."""

import re
from typing import Dict, List, Optional, Sequence

import numpy as np

from .marked_labels import ABSENT, PRESENT, UNKNOWN
from .read_options import Names, ReadOptions

#: Of a cell that says nothing, of one that is none of marks, and of -1.
BLANK, ODD, MINUS = 2, 3, 4
DEFAULTS = {
    PRESENT: ('1', 'true', 'yes', 'x'),
    ABSENT: ('0', 'false', 'no'),
    BLANK: ('', 'nan', 'na', '<na>', 'n/a', 'none', 'null'),
    MINUS: ('-1',),
}
NUMBER = re.compile(r'[+-]?\d{1,15}([.,]0*)?')


class MarkValues:
    """Reads the values of cells as marks.

    1, 1.0, 01 and 1,0 are one number; case does not count.

    Args:
        options (ReadOptions): ``present``, ``absent`` and ``unknown``, values
            beside the usual ones.

    Raises:
        ValueError: If a value is in two of them.
    """

    def __init__(self, options: ReadOptions) -> None:
        self._marks: Dict[str, int] = {}
        for mark, texts in DEFAULTS.items():
            self._marks.update(dict.fromkeys(texts, mark))
        #: What a person has said the meaning of.
        self.said: Dict[str, int] = {}
        self._say(options.present, PRESENT)
        self._say(options.absent, ABSENT)
        self._say(options.unknown, UNKNOWN)

    def _say(self, values: Optional[Names], mark: int) -> None:
        texts = values.split(',') if isinstance(values, str) else values or ()
        for text in texts:
            value = normal(str(text))
            if self.said.setdefault(value, mark) != mark:
                raise ValueError(
                    f'--present, --absent and --unknown: {text!r} is in two '
                    'of them; a value means one thing.'
                )
            self._marks[value] = mark

    def read(self, values: Sequence[str]) -> np.ndarray:
        """Return the mark of each value, or ``BLANK``, ``ODD``, ``MINUS``.

        Args:
            values (Sequence[str]): Texts of cells.

        Returns:
            ndarray: int8, one for each.
        """
        marks: List[int] = [self._marks.get(normal(x), ODD) for x in values]
        return np.array(marks, np.int8)


def normal(text: str) -> str:
    """Write a value in one way: without case, a whole number as such."""
    text = text.strip().casefold()
    if not NUMBER.fullmatch(text):
        return text
    return str(int(re.split('[.,]', text)[0]))
