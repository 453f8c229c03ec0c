"""Paths that lead nowhere; light, so that they are refused at once."""

import os
from typing import Dict, Optional

from mmwsml.label_files.image_folder import ENDINGS


def check_paths(images: str, labels: Dict[str, Optional[str]]) -> None:
    """Refuse paths of images and labels that are not there.

    Args:
        images (str): Folder of the images.
        labels (dict): Option -> path of labels; None where it is not given.

    Raises:
        FileNotFoundError: If there is no such file or folder, or no image.
    """
    check_images(images)
    for option, path in labels.items():
        if path is not None and not os.path.exists(path):
            raise FileNotFoundError(
                f'{option}: there is no file or folder {path} of labels; '
                'check the path.'
            )


def check_images(folder: str) -> None:
    """Refuse a folder without images.

    Raises:
        FileNotFoundError: If there is none, or no image in it.
    """
    if not os.path.isdir(folder):
        raise FileNotFoundError(
            f'There is no folder {folder} of images: check the path.'
        )
    for _, _, names in os.walk(folder, followlinks=True):
        if any(os.path.splitext(x)[1].lower() in ENDINGS for x in names):
            return
    raise FileNotFoundError(
        f'{folder}: no image is in the folder or below it; an image ends in '
        f'one of {" ".join(sorted(ENDINGS))}.'
    )
