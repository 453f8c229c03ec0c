"""Small pictures of images that lie in the page."""

from pathlib import Path
from typing import Dict, Optional, Sequence, Tuple

import cv2

from mmwsml.analysis.insights import NotRecordedError, find_images
from mmwsml.datasets.image_file import read_image

from .markup import data_uri

QUALITY = 80


class Pictures:
    """Images of a run as JPEG in data URIs.

    Args:
        paths (dict[str, str]): ``sample_id`` -> file that exists.
    """

    def __init__(self, paths: Dict[str, str]) -> None:
        self.paths = paths
        self._made: Dict[tuple, Optional[str]] = {}

    def uri(self, sample_id: str, size: int) -> Optional[str]:
        """Make a picture.

        Args:
            sample_id (str): The image.
            size (int): Of its longer side at most, px.

        Returns:
            str | None: None if the file is missing or no picture.
        """
        key = sample_id, size
        if key not in self._made:
            path = self.paths.get(sample_id)
            self._made[key] = None if path is None else _encode(path, size)
        return self._made[key]


def find_pictures(
    run: Path, sample_ids: Sequence[str], data_root: Optional[str]
) -> Tuple[Pictures, Optional[str]]:
    """Find the images of a run.

    Args:
        run (Path): Its work dir.
        sample_ids (Sequence[str]): The images, each once.
        data_root (str, optional): Folder that they have been moved to; None:
            they are where the config has them.

    Returns:
        tuple: The pictures, and a sentence if some are missing.
    """
    if not sample_ids:
        return Pictures({}), None
    try:
        paths = find_images(run, sample_ids, data_root)
    except NotRecordedError as error:
        return Pictures({}), str(error)
    missing = [name for name in sample_ids if name not in paths]
    if not missing:
        return Pictures(paths), None
    place = f'in {data_root}' if data_root else 'where the config has them'
    return Pictures(paths), (
        f'{len(missing)} of {len(sample_ids)} images are not {place}, the '
        f'first {missing[0]}: name their folder with `--data-root`.'
    )


def _encode(path: str, size: int) -> Optional[str]:
    try:
        image = read_image(path)
    except OSError:
        return None
    height, width = image.shape[:2]
    scale = size / max(height, width)
    if scale < 1:  # the browser enlarges small ones
        shape = [max(1, round(scale * side)) for side in (width, height)]
        image = cv2.resize(image, shape, interpolation=cv2.INTER_AREA)
    options = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    content = cv2.imencode('.jpg', image, options)[1].tobytes()
    return data_uri(content, 'image/jpeg')
