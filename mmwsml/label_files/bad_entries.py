"""What happens to an entry of a file that breaks a rule."""

from typing import Dict, List, Optional

from mmwsml.structures.short_value import cut_text

NUM_SHOWN = 5  # sentences, of those that are left out
NUM_VALUES = 10  # distinct values in a message
#: A larger share of bad entries is no accident.
MOST = 10  # one of so many


def list_values(values: Dict[str, None]) -> str:
    """Write the first distinct values one after the other."""
    shown = ', '.join(list(values)[:NUM_VALUES])
    return f'{shown}, ...' if len(values) > NUM_VALUES else shown


class BadEntries:
    """Refuse bad entries, or leave them out and count them.

    Only single entries can be left out. Where more than a tenth break a rule,
    the file is in another form than the one it is read in, and what is left
    would not say what its author meant: it is refused in any case.

    Args:
        skip (bool): Whether to leave bad entries out. Defaults to False, one
            of them ends the work.
    """

    def __init__(self, skip: bool = False) -> None:
        self.skip = skip
        #: Entries left out.
        self.count = 0
        #: What was wrong with the first of them.
        self.sentences: List[str] = []
        self._start_part()

    def _start_part(self) -> None:
        self._num_odd = 0
        self._first = ''
        self._values: Dict[str, None] = {}

    def add(self, sentence: str, value: Optional[object] = None) -> None:
        """Take in an entry that breaks a rule of the form.

        Args:
            sentence (str): File, line, rule and value, without a full stop.
            value (object, optional): What the file has in the place of a
                value that is allowed. Defaults to None, the sentence says it.
        """
        self._num_odd += 1
        self._first = self._first or cut_text(sentence)
        if value is not None and len(self._values) <= NUM_VALUES:
            self._values[f'{value!r:.60}'] = None
        self._count(sentence)

    def add_missing(self, sentence: str) -> None:
        """Take in a good entry without its other half, such as its image.

        Any number of these can be left out.

        Args:
            sentence (str): As in :meth:`add`.

        Raises:
            ValueError: If bad entries are refused.
        """
        self._count(sentence)
        if not self.skip:
            raise ValueError(_advise(cut_text(sentence)))

    def _count(self, sentence: str) -> None:
        self.count += 1
        if len(self.sentences) < NUM_SHOWN:
            self.sentences.append(cut_text(sentence))

    def judge(self, num_entries: int) -> None:
        """Refuse a part of a file for what :meth:`add` took in of it.

        Whoever reads entries calls this behind the last one.

        Args:
            num_entries (int): Of the part, good and bad.

        Raises:
            ValueError: If bad entries are refused and there is one, or if
                they are more than a tenth.
        """
        num_odd, first, values = self._num_odd, self._first, self._values
        self._start_part()
        if num_odd * MOST > num_entries:
            met = f' Met: {list_values(values)}.' if values else ''
            raise ValueError(
                f'{first}. {num_odd} of {num_entries} entries break a rule, '
                'more than a tenth: the file is not in the form that it is '
                f'read in, or its labels are of another list of classes.{met} '
                'Bring it into a form of docs/own-labels.md.'
            )
        if num_odd and not self.skip:
            raise ValueError(_advise(first))

    def __str__(self) -> str:
        """Sum up what was left out."""
        shown = [f'  {sentence}' for sentence in self.sentences]
        more = self.count - len(shown)
        if more:
            shown.append(f'  and {more} more')
        return '\n'.join([f'Bad entries: {self.count}', *shown])


def _advise(sentence: str) -> str:
    return (
        f'{sentence}; correct it, or leave such entries out with --skip-bad.'
    )
