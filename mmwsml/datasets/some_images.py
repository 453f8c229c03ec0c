"""A part of the images of a data set, for studies with few of them."""

from typing import List

import numpy as np

from mmwsml.structures.checks import check_number

SEED = 999  # of Cole et al.


def draw_images(size: int, keep_images: float) -> List[int]:
    """Draw the images to keep, as the protocol for small data sets does.

    Args:
        size (int): Number of images.
        keep_images (float): The share to keep, in (0, 1].

    Returns:
        list[int]: Ascending indices, of a larger share more of the same.

    Raises:
        ValueError: If no image would be left.
    """
    order = np.random.RandomState(SEED).permutation(size)
    kept = sorted(order[: round(keep_images * size)].tolist())
    if not kept:
        raise ValueError(
            f'keep_images={keep_images} leaves none of {size} images; choose '
            'a larger share.'
        )
    return kept


def check_share(keep_images: float) -> float:
    """Return the share.

    Raises:
        ValueError: If it is not in (0, 1].
    """
    check_number('keep_images', keep_images, 0, 1, '(]')
    return keep_images
