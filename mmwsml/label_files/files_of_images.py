"""Files of labels beside the images of a folder, one an image."""

import os
from typing import Dict, List, NamedTuple, Tuple

from .image_folder import ENDINGS

#: Endings of files that may hold the labels of an image.
LABEL_ENDINGS = ('.xml', '.json', '.txt')


def stem_of(path: str) -> str:
    """Return a path without its ending."""
    return os.path.splitext(path)[0]


class FolderFiles(NamedTuple):
    """Paths below a folder, with slashes."""

    folder: str
    images: List[str]
    #: By their ending, one of ``LABEL_ENDINGS``.
    labels: Dict[str, List[str]]

    def path(self, name: str) -> str:
        """Return the whole path of a file."""
        return os.path.join(self.folder, name)

    def pair(self, ending: str) -> Tuple[Dict[str, str], List[str]]:
        """Find the image of each file of labels, by its stem.

        Args:
            ending (str): Of the files of labels.

        Returns:
            tuple[dict[str, str], list[str]]: The image of each file, which
            is the stem where the folder holds no images; and files that are
            of no image.
        """
        by_stem = {stem_of(image): image for image in self.images}
        pairs, others = {}, []
        for name in self.labels[ending]:
            image = by_stem.get(stem_of(name)) if by_stem else stem_of(name)
            if image is None:
                others.append(name)
            else:
                pairs[name] = image
        return pairs, others


def list_files(folder: str) -> FolderFiles:
    """List the images and the files of labels below a folder."""
    images: List[str] = []
    labels: Dict[str, List[str]] = {ending: [] for ending in LABEL_ENDINGS}
    for parent, folders, names in os.walk(folder, followlinks=True):
        folders.sort()
        below = os.path.relpath(parent, folder).replace(os.sep, '/')
        for name in sorted(names):
            path = name if below == '.' else f'{below}/{name}'
            ending = os.path.splitext(name)[1].lower()
            if ending in ENDINGS:
                images.append(path)
            elif ending in labels and not name.startswith('.'):
                labels[ending].append(path)
    return FolderFiles(folder, images, labels)


def read_text(path: str) -> str:
    """Read a small text file, which may be empty.

    Raises:
        OSError: If it cannot be read.
        ValueError: If it is not UTF-8; the message names no file.
    """
    with open(path, 'rb') as file:
        content = file.read()
    try:
        return content.decode('utf-8-sig')
    except UnicodeDecodeError as error:
        raise ValueError(
            f'must be UTF-8 text, but holds the byte '
            f'{content[error.start]:#04x}; save the file as UTF-8'
        ) from error
