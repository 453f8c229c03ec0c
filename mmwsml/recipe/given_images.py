"""Images in whatever form a person has them, as inference takes them."""

import os
from pathlib import Path
from typing import Any, Iterable, List, Optional, Union

import numpy as np
from PIL import Image, ImageOps

from mmwsml.inference.inference_files import find_images
from mmwsml.structures.checks import check_choice

#: A path of an image, a folder, a pattern; pixels; an image of Pillow.
GivenImage = Union[str, 'os.PathLike[str]', np.ndarray, Image.Image]
GivenImages = Union[GivenImage, Iterable[GivenImage]]
ORDERS = 'rgb', 'bgr'


def take_images(
    images: GivenImages, channel_order: Optional[str] = None
) -> List[Union[str, np.ndarray]]:
    """List paths, and pixels as uint8 ``(H, W, 3)``, BGR.

    Args:
        images (str | Path | ndarray | Image | Iterable): Paths of images or
            folders; arrays, uint8 ``(H, W)``, ``(H, W, 3)`` or, of several
            images, ``(N, H, W, 3)``; images of Pillow; or a list of these.
        channel_order (str, optional): Of arrays with colours: 'rgb', as
            Pillow and Matplotlib have them, or 'bgr', as OpenCV does.
            Defaults to None: there is no such array.

    Raises:
        FileNotFoundError: If a path names no image.
        TypeError: If something is no image, or nobody says the order.
        ValueError: If an array has another form, or the order is unknown.
    """
    if channel_order is not None:
        check_choice('channel_order', channel_order, ORDERS)
    if isinstance(images, (str, os.PathLike, np.ndarray, Image.Image)):
        images = [images]
    taken: List[Union[str, np.ndarray]] = []
    for image in images:
        if isinstance(image, (str, Path)):
            taken += find_images([os.path.expanduser(image)])
        elif isinstance(image, Image.Image):
            taken.append(_read_pillow(image))
        elif isinstance(image, np.ndarray):
            several = image.ndim == 4
            parts = list(image) if several else [image]
            taken += [_read_array(part, channel_order) for part in parts]
        else:
            raise TypeError(
                'An image must be a path, a NumPy array or an image of '
                f'Pillow, but is {type(image).__name__}; convert it first.'
            )
    return taken


def _read_pillow(image: Image.Image) -> np.ndarray:
    """Turn an image of Pillow as reading its file would."""
    if image.mode[:1] in ('I', 'F'):
        raise ValueError(
            f'An image of Pillow must have 8 bits a channel, but its mode is '
            f'{image.mode!r}; convert it, or give its path.'
        )
    # OpenCV turns a photograph as its camera was held.
    upright = ImageOps.exif_transpose(image)
    pixels = np.asarray((upright or image).convert('RGB'))
    return np.ascontiguousarray(pixels[..., ::-1])


def _read_array(image: np.ndarray, channel_order: Optional[str]) -> np.ndarray:
    shape: Any = image.shape
    is_grey = image.ndim == 2 or (image.ndim == 3 and shape[2] == 1)
    if not is_grey and not (image.ndim == 3 and shape[2] == 3):
        raise ValueError(
            'An array must have the shape (height, width), (height, width, '
            f'3) or (images, height, width, 3), but has {shape}.'
        )
    if image.dtype != np.uint8 or 0 in shape:
        raise ValueError(
            'An array of pixels must be uint8, from 0 to 255, and not empty, '
            f'but is {image.dtype} of shape {shape}; convert it with '
            "astype('uint8'), after a multiplication by 255 where it ends "
            'at 1.'
        )
    if is_grey:
        return np.repeat(image.reshape(*shape[:2], 1), 3, axis=2)
    if channel_order is None:
        raise TypeError(
            'An array does not say the order of its colours: add '
            "channel_order='rgb' (Pillow, Matplotlib) or "
            "channel_order='bgr' (OpenCV)."
        )
    step = -1 if channel_order == 'rgb' else 1
    return np.ascontiguousarray(image[..., ::step])
