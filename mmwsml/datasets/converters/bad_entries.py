"""What happens to an entry of a file that breaks a rule."""

from typing import List


class BadEntries:
    """Refuse a bad entry, or leave it out and count it.

    Args:
        skip (bool): Whether to leave bad entries out. Defaults to False, the
            first one ends the work.
    """

    def __init__(self, skip: bool = False) -> None:
        self.skip = skip
        #: What was wrong, a sentence for each entry left out.
        self.sentences: List[str] = []

    def add(self, sentence: str) -> None:
        """Take in an entry.

        Args:
            sentence (str): File, line, rule and value, without a full stop.

        Raises:
            ValueError: If bad entries are refused.
        """
        if not self.skip:
            raise ValueError(
                f'{sentence}; correct it, or leave such entries out with '
                '--skip-bad.'
            )
        self.sentences.append(sentence)

    def __str__(self) -> str:
        """Sum up what was left out."""
        shown = [f'  {sentence}' for sentence in self.sentences[:5]]
        more = len(self.sentences) - len(shown)
        if more:
            shown.append(f'  and {more} more')
        return '\n'.join([f'Bad entries: {len(self.sentences)}', *shown])
