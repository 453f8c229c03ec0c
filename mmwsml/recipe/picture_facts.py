"""What some images of a split look like, before any network sees them."""

from pathlib import Path
from typing import List, NamedTuple, Optional, Sequence

import numpy as np

from mmwsml.datasets.image_file import find_image_error, read_image

#: Images that are looked at, evenly spaced: of a fault that a tenth of all
#: have, six are expected here, and none is less likely than 1 in 800.
LOOKED_AT = 64
#: Standard deviation, in steps of 0 to 255, below which nothing can be seen;
#: the noise of JPEG is half of it.
FLAT = 2.0


class PictureFacts(NamedTuple):
    """Statistics of n images."""

    #: Shorter side, px, ``(n,)``.
    side: np.ndarray
    #: Standard deviation over all pixels, in steps of 0 to 255, ``(n,)``.
    contrast: np.ndarray
    #: Share of rows at the lower end in which all pixels are alike, ``(n,)``.
    blank: np.ndarray
    #: Files among them that end too early or are no pictures.
    num_broken: int
    #: How many were looked at.
    num: int


def look_at(paths: Sequence[Path]) -> Optional[PictureFacts]:
    """Read some images, evenly spaced.

    Args:
        paths (Sequence[Path]): Of all images of a split.

    Returns:
        PictureFacts | None: None where none can be read.
    """
    places = np.linspace(0, len(paths) - 1, min(len(paths), LOOKED_AT))
    found: List[tuple] = []
    broken = 0
    for place in places.astype(int):
        path = str(paths[place])
        broken += find_image_error(path) is not None
        try:
            image = read_image(path)
        except OSError:
            continue
        found.append((min(image.shape[:2]), image.std(), _blank(image)))
    if not found:
        return None
    side, contrast, blank = np.array(found, float).T
    return PictureFacts(side, contrast, blank, broken, len(places))


def _blank(image: np.ndarray) -> float:
    """Measure the end that a file which was cut off lacks."""
    if image.std() < FLAT:
        return 1.0
    rows = image.std(1).max(1) >= FLAT
    return float(rows[::-1].argmax() / len(rows))
