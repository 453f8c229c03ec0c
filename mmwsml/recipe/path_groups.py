"""Which images are of one person, patient or video, guessed from paths."""

import re
from collections import Counter
from pathlib import PurePosixPath
from typing import List, NamedTuple, Optional, Sequence

#: A guess is believed of as many groups, none of them of more than a tenth of
#: the images.
FEWEST, LARGEST = 10, 10
#: What counts the images of a video or a person: 012 in `walk3_frame012`.
NUMBER = re.compile(
    r'([-_ .]+(frame|img|image|shot|slice|view|f|t))?[-_ .]*\d+$',
    re.IGNORECASE,
)


class PathGroups(NamedTuple):
    """The group of each image, and how it was guessed."""

    groups: List[str]
    sentence: str


def guess_groups(
    paths: Sequence[str], classes: Sequence[str]
) -> Optional[PathGroups]:
    """Guess groups from folders, or else from the beginnings of names.

    Args:
        paths (Sequence[str]): Below the folder of images.
        classes (Sequence[str]): A folder of their names is none of a person.

    Returns:
        PathGroups | None: None where paths tell nothing.
    """
    pure = [PurePosixPath(path) for path in paths]
    folders = [str(path.parent) for path in pure]
    names = {name.casefold() for name in classes}
    of_classes = any(path.parent.name.casefold() in names for path in pure)
    if _is_plausible(folders) and not of_classes:
        return PathGroups(folders, _tell(folders, 'folder', str(pure[0])))
    begins = [
        f'{path.parent}/{NUMBER.sub("", path.stem)}'
        if NUMBER.sub('', path.stem)
        else str(path)
        for path in pure
    ]
    if _is_plausible(begins):
        return PathGroups(begins, _tell(begins, 'name', str(pure[0])))
    return None


def _is_plausible(groups: Sequence[str]) -> bool:
    """Whether there are several groups, none of which is most of all."""
    counts = Counter(groups)
    largest = max(counts.values(), default=0)
    return (
        len(counts) >= FEWEST
        and 2 * len(counts) <= len(groups)
        and LARGEST * largest <= len(groups)
    )


def _tell(groups: Sequence[str], what: str, example: str) -> str:
    return (
        f'Paths such as {example!r:.100} look like {len(set(groups))} persons '
        f'or videos, one a {what}: the images of one stay in one part. Say '
        '--group none if they are not, or which column tells with --group.'
    )
