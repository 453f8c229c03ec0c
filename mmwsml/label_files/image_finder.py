"""Which image of a data set a file name of another list means."""

from pathlib import PurePosixPath, PureWindowsPath
from typing import Dict, Iterable, List


class ImageFinder:
    """Find images by the end of their path: a file name, or folders too.

    Args:
        sample_ids (Iterable[str]): The images of the data set.
    """

    def __init__(self, sample_ids: Iterable[str]) -> None:
        self._by_name: Dict[str, List[str]] = {}
        for sample_id in sample_ids:
            name = PurePosixPath(sample_id).name
            self._by_name.setdefault(name, []).append(sample_id)

    def find(self, path: str) -> str:
        """Return the ``sample_id`` of the image at ``path``.

        Raises:
            LookupError: If no image, or several, have a path that ends so;
                the message says which.
        """
        wanted = PureWindowsPath(path)  # knows both kinds of slashes
        parts = wanted.parts
        found = [
            sample_id
            for sample_id in self._by_name.get(wanted.name, [])
            if PurePosixPath(sample_id).parts[-len(parts) :] == parts
        ]
        if not found:
            raise LookupError(f'the data set has no image {path!r:.200}')
        if len(found) > 1:
            raise LookupError(
                f'{path!r:.200} may be {found[0]} or {found[1]} of the data '
                'set'
            )
        return found[0]
