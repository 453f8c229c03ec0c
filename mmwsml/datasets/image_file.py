"""Files of images, checked before a library of pictures sees them."""

import os
import warnings
from typing import Optional

import cv2
import mmcv
import numpy as np
from PIL import Image

#: Of a picture, the limit of Pillow: half a gigabyte in colour.
MAX_PIXELS = 178_956_970


def check_image_file(path: str) -> None:
    """Refuse a file that is no image, without decoding it.

    Its name is looked at first: OpenCV ends the process at one that is not
    UTF-8. The picture must not claim more pixels than ``MAX_PIXELS``, whatever
    the file holds.

    Args:
        path (str): The file, on this machine.

    Raises:
        OSError: If the name or the file is not good; a sentence names it.
    """
    check_image_name(path)
    if not os.path.isfile(path) or not os.path.getsize(path):
        raise FileNotFoundError(
            f'the image {path} is missing or empty; check `data_root` and '
            '`data_prefix`, or remove its entry.'
        )
    size = _find_size(path)
    if size is None and not cv2.haveImageReader(path):
        raise OSError(
            f'the file {path} is not an image; replace it or remove its entry.'
        )
    if size and size[0] * size[1] > MAX_PIXELS:
        raise OSError(
            f'the image {path} says that it has {size[0]} x {size[1]} pixels, '
            f'more than the {MAX_PIXELS:,} that are read; replace it or make '
            'it smaller.'
        )


def check_image_name(path: str) -> None:
    """Refuse a name that libraries of pictures cannot take.

    Raises:
        OSError: If it is not UTF-8, or holds a zero.
    """
    try:
        path.encode()
        fault = 'holds a zero' if '\0' in path else ''
    except UnicodeEncodeError:
        fault = 'is not UTF-8'
    if fault:
        shown = path.encode(errors='backslashreplace').decode()
        shown = shown.replace('\0', '\\0')
        raise OSError(
            f'the name of the image {shown} {fault}; rename the file.'
        )


def read_image(path: str) -> np.ndarray:
    """Read an image as MMCV does: uint8 ``(H, W, 3)``, BGR.

    Raises:
        OSError: If it cannot be read; a sentence names it.
    """
    check_image_file(path)
    try:
        image = mmcv.imread(path)
    except Exception as error:  # decoders raise almost anything
        raise OSError(_unreadable(path)) from error
    if image is None:
        raise OSError(_unreadable(path))
    return image


def _unreadable(path: str) -> str:
    return (
        f'the image {path} cannot be read as a picture; replace the file or '
        'leave it out.'
    )


def _find_size(path: str) -> Optional[tuple]:
    """Return what the header of an image says, None where Pillow cannot."""
    with warnings.catch_warnings():
        warnings.simplefilter('ignore', Image.DecompressionBombWarning)
        try:
            with Image.open(path) as image:
                return image.size
        except Image.DecompressionBombError:
            return MAX_PIXELS + 1, 1
        except Exception:  # damaged headers raise almost anything
            return None
