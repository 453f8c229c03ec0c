"""Images and labels that nothing can be learned from."""

import os

from mmwsml.label_files.image_folder import ENDINGS
from mmwsml.label_files.marked_labels import PRESENT, MarkedLabels


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


def check_labels(marked: MarkedLabels, source: str) -> None:
    """Refuse labels that teach nothing.

    Raises:
        ValueError: If there is one class, or no label says present.
    """
    if len(marked.classes) < 2:
        raise ValueError(
            f'{source}: has one class, {marked.classes[0]!r:.200}, but '
            'multi-label learning needs at least two; if there are more, say '
            'where with --classes, --tags or --mark-column.'
        )
    if not (marked.marks == PRESENT).any():
        raise ValueError(
            f'{source}: no label of {len(marked)} images says that a class '
            'is present, so that there is nothing to learn; if values mean '
            'that, name them with --present.'
        )
