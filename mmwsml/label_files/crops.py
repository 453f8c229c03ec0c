"""Records of crops, each cut out as an image of its own."""

import math
import os
from typing import Any, List, Optional, Sequence, Tuple

import cv2
import numpy as np

from mmwsml.structures.short_value import short_value
from mmwsml.structures.whole_file import whole_file

from .bad_entries import BadEntries
from .image_folder import ImageFolder
from .image_paths import clean_name
from .read_options import ReadOptions

#: Of a record: where it stands, the name of its image and its box.
Crop = Tuple[str, str, Any]


def cut_crops(
    crops: Sequence[Crop], options: ReadOptions, bad: BadEntries
) -> List[str]:
    """Write each crop into a file, which is its image from then on.

    A crop that is there is not cut again: its name says image and corners.

    Args:
        crops (Sequence[Crop]): Boxes are ``[x, y, width, height]`` in pixels
            of the image as it is shown; corners are rounded outwards.
        options (ReadOptions): ``images``, where the whole images are, and
            ``crops``, the folder to write to.
        bad (BadEntries): Takes records without an image, or a box in it.

    Returns:
        list[str]: The name of each, below ``crops``; '' where it is bad.

    Raises:
        ValueError: If one of the two folders is not said.
    """
    if not (options.images and options.crops):
        raise ValueError(
            '--crop-key cuts crops out of images: say where these are with '
            '--images FOLDER, and where the crops go with --crops FOLDER.'
        )
    index = ImageFolder(options.images)
    names = [
        _cut(index, place, clean_name(name, options), box, options, bad)
        for place, name, box in crops
    ]
    bad.judge(len(crops))
    return names


def _cut(
    index: ImageFolder,
    place: str,
    name: str,
    box: Any,
    options: ReadOptions,
    bad: BadEntries,
) -> str:
    path, fault, _ = index.find(name)
    if fault:
        bad.add_missing(f'{place}: {fault}')
        return ''
    corners = _round_outwards(box)
    if corners is None:
        bad.add(
            f'{place}: {options.crop_key!r} must be [x, y, width, height] in '
            f'pixels, width and height above 0, but is {short_value(box)}'
        )
        return ''
    left, top, right, bottom = corners
    crop = f'{os.path.splitext(path)[0]}_{left}_{top}_{right}_{bottom}.png'
    target = os.path.join(str(options.crops), crop)
    if os.path.isfile(target):
        return crop
    image = cv2.imread(os.path.join(str(options.images), path))
    part: Optional[np.ndarray] = None
    if image is not None:
        part = image[max(top, 0) : bottom, max(left, 0) : right]
    if part is None or not part.size:
        size = 'no image' if image is None else f'{image.shape[1::-1]} pixels'
        bad.add(
            f'{place}: {short_value(box)} cuts nothing out of {path:.200}, '
            f'which is {size}'
        )
        return ''
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with whole_file(target, 'wb') as file:
        file.write(cv2.imencode('.png', part)[1].tobytes())
    return crop


def _round_outwards(box: Any) -> Optional[Tuple[int, int, int, int]]:
    """Return left, top, right and bottom, or None for what is no box."""
    if not isinstance(box, list) or len(box) != 4:
        return None
    for number in box:
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            return None
        if not abs(number) < 1e9:  # nor NaN
            return None
    x, y, width, height = box
    if min(width, height) <= 0:
        return None
    right, bottom = math.ceil(x + width), math.ceil(y + height)
    return math.floor(x), math.floor(y), max(right, 0), max(bottom, 0)
