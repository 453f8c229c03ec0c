"""What the readers of single images give: labels by the names of classes."""

from typing import Iterable, List, NamedTuple, Optional, Sequence


class NamedLabels(NamedTuple):
    """What a file says of one image."""

    #: File and line or entry, for a message.
    place: str
    #: Name or path of the image, as the file writes it.
    img_path: str
    positives: Sequence[str]
    negatives: Sequence[str] = ()
    #: Unknown by what the file says, also where the rest is absent.
    unsure: Sequence[str] = ()


class Source(NamedTuple):
    """What a reader found."""

    #: The list of the source; None: it has none, classes are what occurs.
    classes: Optional[List[str]]
    images: Iterable[NamedLabels]
    #: What a class is that the source does not mark, 'unknown' or 'absent';
    #: None: it does not say so itself, and --rest must.
    rest: Optional[str] = None
    #: What was left out that is no bad entry, a sentence each.
    notes: Sequence[str] = ()
