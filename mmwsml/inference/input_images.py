"""What people hand to inference, as a list of paths and pixels."""

import os
from pathlib import Path
from typing import List, Optional, Sequence, Union

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps

from mmwsml.datasets.image_file import read_image

from .inference_files import find_images

#: A path, a picture of Pillow, or pixels: uint8 ``(H, W, 3)``, BGR.
Image = Union[str, Path, np.ndarray, Pillow.Image]


def list_images(inputs: Union[Image, Sequence[Image]]) -> List[Image]:
    """List images, those of a folder instead of the folder.

    Args:
        inputs (str | Path | ndarray | PIL.Image | list): An image, a folder
            (searched with the folders in it, other files left out), or
            several.

    Returns:
        list: A path is a str.

    Raises:
        FileNotFoundError: If a folder holds no image.
        TypeError: If an input is anything else.
    """
    if isinstance(inputs, (str, Path, np.ndarray, Pillow.Image)):
        inputs = [inputs]
    images: List[Image] = []
    for image in inputs:
        if isinstance(image, (np.ndarray, Pillow.Image)):
            images.append(image)
        elif not isinstance(image, (str, Path)):
            raise TypeError(
                'An image is a path, a picture of Pillow or a NumPy array, '
                f'but number {len(images)} is of type {type(image).__name__}.'
            )
        elif os.path.isdir(image):
            images += find_images([str(image)])
        else:
            images.append(str(image))
    return images


def path_of(image: Image) -> Optional[str]:
    """Tell the path of an image; None if it came without."""
    return image if isinstance(image, str) else None


def take_pixels(image: Image) -> np.ndarray:
    """Take the pixels of an image as those of a file are taken.

    Pillow's pictures are turned as their EXIF says, and of 16 bits the upper
    8 are read; grey becomes three equal colours, a fourth band is left out.

    Args:
        image (str | Path | ndarray | PIL.Image): An element of
            :func:`list_images`.

    Returns:
        ndarray: uint8 ``(H, W, 3)``, BGR.

    Raises:
        OSError: If a file cannot be read.
        ValueError: If the array is no image.
    """
    if isinstance(image, Pillow.Image):
        return _convert(image)
    if not isinstance(image, np.ndarray):
        return read_image(str(image))
    shape = image.shape
    flat = image.ndim == 2
    is_image = flat or (image.ndim == 3 and shape[2] in (1, 3, 4))
    if not is_image or image.dtype != np.uint8 or not image.size:
        raise ValueError(
            'An array must be one image, uint8 (H, W, 3) with its colours in '
            'the order BGR, or grey, uint8 (H, W), but is '
            f'{image.dtype} {shape}: scale it to 0 ... 255, and give several '
            'images as a list.'
        )
    if flat or shape[2] == 1:
        return np.repeat(image.reshape(*shape[:2], 1), 3, axis=2)
    return image[..., :3]


def _convert(image: Pillow.Image) -> np.ndarray:
    if image.mode in ('I', 'F'):
        raise ValueError(
            f'A picture of the mode {image.mode!r} has samples of 32 bits, '
            'which are not read: scale them to 8 bits as the labels need it.'
        )
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith('I;16'):
        image = Pillow.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    return np.ascontiguousarray(np.asarray(image.convert('RGB'))[..., ::-1])
