"""Files of images, checked before a library of pictures sees them."""

import os
from typing import Optional

import cv2
import mmcv
import numpy as np
from PIL import Image

from mmwsml.structures.sample_id import is_utf8

from .image_kind import NOT_KNOWN, WideSamplesError, find_kind, is_dicom

#: Of a picture: the limit of Pillow, half a gigabyte in colour.
MAX_PIXELS = 178_956_970


def check_image_size(path: str) -> Optional[str]:
    """Refuse a name or a size that a decoder must not be given.

    OpenCV ends the process at a name that is not UTF-8, and takes the memory
    that a header of a few bytes asks for.

    Args:
        path (str): A file on this machine, which need not be there.

    Returns:
        str | None: What is done to it when it is read, '' if it is 8-bit RGB,
        None where Pillow cannot tell.

    Raises:
        OSError: If the name is not UTF-8, the header claims more than
            ``MAX_PIXELS``, or its samples have 32 bits; a sentence names the
            file.
    """
    if '\0' in path or not is_utf8(path):
        shown = path.encode(errors='backslashreplace').decode()
        shown = shown.replace('\0', '\\0')
        raise OSError(
            f'The name of the image {shown:.300} is not UTF-8 or holds a '
            'zero: rename the file.'
        )
    kind = ''
    try:
        with Image.open(path) as image:
            size = image.size
            kind = find_kind(image)
    except Image.DecompressionBombError:
        size = MAX_PIXELS, 2
    except WideSamplesError as error:
        raise OSError(f'The image {path} {error}.') from error
    except Exception:  # damaged headers raise almost anything
        return None
    if size[0] * size[1] > MAX_PIXELS:
        raise OSError(
            f'The image {path} says that it has more than the '
            f'{MAX_PIXELS:,} pixels that are read: replace it or make it '
            'smaller.'
        )
    return kind


def check_image_file(path: str) -> str:
    """Refuse a file that is no image, without decoding it.

    Args:
        path (str): The file, on this machine.

    Returns:
        str: What is done to it when it is read, '' if it is 8-bit RGB.

    Raises:
        OSError: As :func:`check_image_size`, or if the file is missing or
            empty.
        ValueError: If it is not an image.
    """
    kind = check_image_size(path)
    if not os.path.isfile(path) or not os.path.getsize(path):
        raise FileNotFoundError(
            f'the image {path:.999} is missing or empty; check `data_root` '
            'and `data_prefix`, or remove its entry.'
        )
    if kind is None and is_dicom(path):
        raise ValueError(
            f'the file {path} is DICOM, which is not read: convert it to PNG '
            'with the window that shows what the labels are of.'
        )
    if kind is None and not cv2.haveImageReader(path):
        raise ValueError(
            f'the file {path} is not an image; replace it or remove its entry.'
        )
    return NOT_KNOWN if kind is None else kind


def read_image(path: str, channel_order: str = 'bgr') -> np.ndarray:
    """Read an image as MMCV does.

    Args:
        path (str): The file.
        channel_order (str): 'bgr' or 'rgb'. Defaults to 'bgr'.

    Returns:
        ndarray: uint8 ``(H, W, 3)``.

    Raises:
        OSError: If it cannot be read; a sentence names it.
    """
    check_image_size(path)
    try:
        image = mmcv.imread(path, channel_order=channel_order)
        if image is None:
            raise ValueError('no picture')
    except Exception as error:  # decoders raise almost anything
        raise OSError(
            f'The image {path} cannot be read as a picture: replace the file '
            'or leave it out.'
        ) from error
    return image


def find_image_error(path: str) -> Optional[str]:
    """Decode an image to its last byte and say why it cannot be, if so."""
    try:
        check_image_size(path)
    except OSError as error:
        return str(error)
    # Pillow, since OpenCV fills what a truncated file lacks with grey.
    try:
        with Image.open(path) as image:
            image.load()
    except Exception:  # decoders raise almost anything
        return f'The image {path} is truncated or no image: replace the file.'
    return None
