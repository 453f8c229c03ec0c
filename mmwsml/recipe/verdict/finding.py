"""What a rule finds."""

from typing import NamedTuple, Sequence

#: From 'no number here means anything' to 'good to know'.
SEVERITIES = BROKEN, DOUBT, NOTE = 'broken', 'doubt', 'note'
NAMED = 4  # classes that a sentence names


class Finding(NamedTuple):
    """Something that a person should know before the numbers."""

    #: A word for it, the name of its rule.
    about: str
    #: One of ``SEVERITIES``.
    severity: str
    sentence: str
    #: What to do; '' where there is nothing.
    remedy: str


def name_classes(names: Sequence[str]) -> str:
    """Name a few classes, and count the others."""
    shown = ', '.join(names[:NAMED])
    more = len(names) - NAMED
    return f'{shown} and {more:,} more' if more > 0 else shown


def percent(share: float) -> str:
    """Write a share in percent, without digits that nobody can trust."""
    value = 100 * share
    return f'{value:.1f} %' if value < 10 else f'{value:.0f} %'
