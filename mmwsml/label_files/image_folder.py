"""The files below a folder of images."""

import os
import unicodedata
from pathlib import PurePosixPath
from typing import Container, Dict, List, Tuple

#: Of the files that may be images.
ENDINGS = frozenset(
    '.jpg .jpeg .jpe .jfif .png .bmp .tif .tiff .webp .ppm .pgm .pnm .gif '
    '.jp2 .dcm'.split()
)


class ImageFolder:
    """Find files below a folder of images by the end of their paths.

    Args:
        folder (str): The folder.

    Raises:
        FileNotFoundError: If there is none.
    """

    def __init__(self, folder: str) -> None:
        if not os.path.isdir(folder):
            raise FileNotFoundError(
                f'--images: there is no folder {folder}; check the path.'
            )
        self._folder = folder
        #: Paths below the folder, by their composed (NFC) form.
        self._paths: Dict[str, str] = {}
        self._by_name: Dict[str, List[str]] = {}
        for parent, _, names in os.walk(folder, followlinks=True):
            below = os.path.relpath(parent, folder).replace(os.sep, '/')
            for name in names:
                path = name if below == '.' else f'{below}/{name}'
                key = unicodedata.normalize('NFC', path)
                self._paths[key] = path
                end = key.rpartition('/')[2]
                self._by_name.setdefault(end, []).append(key)
        self._by_stem: Dict[str, List[str]] = {}
        self._by_lower: Dict[str, str] = {}

    def find(self, name: str) -> Tuple[str, str, bool]:
        """Find the one file whose path ends as the name does.

        Args:
            name (str): A path, maybe of another machine.

        Returns:
            tuple[str, str, bool]: Its path below the folder, '' if there is
            none; what is wrong, if so; whether it is missing.
        """
        parts = [
            x
            for x in unicodedata.normalize('NFC', name).split('/')
            if x not in ('', '.')
        ]
        for start in range(len(parts)):
            path = self._paths.get('/'.join(parts[start:]))
            if path is not None:
                return path, '', False
        end = f'/{"/".join(parts)}'
        found = sorted(self._candidates(parts[-1] if parts else '', end))
        if len(found) == 1:
            return self._paths[found[0]], '', False
        if found:
            return (
                '',
                f'{name!r:.200} may be {found[0]} or {found[1]} in '
                f'{self._folder}',
                False,
            )
        what = f'there is no image {name!r:.200} in {self._folder}'
        other = self._resembling(parts[-1] if parts else '')
        return '', f'{what}, but {other!r:.200}' if other else what, True

    def _resembling(self, last: str) -> str:
        """Find an image that is called so but for its case and ending."""
        if not self._by_lower:
            for key in self._paths:
                stem, ending = os.path.splitext(key.rpartition('/')[2])
                if ending.lower() in ENDINGS:
                    self._by_lower.setdefault(stem.lower(), key)
        return self._by_lower.get(os.path.splitext(last)[0].lower(), '')

    def _candidates(self, last: str, end: str) -> List[str]:
        found = [x for x in self._by_name.get(last, ()) if x.endswith(end)]
        if found or PurePosixPath(last).suffix.lower() in ENDINGS:
            return found
        if not self._by_stem:
            for key in self._paths:
                stem, ending = os.path.splitext(key)
                if ending.lower() in ENDINGS:
                    name = stem.rpartition('/')[2]
                    self._by_stem.setdefault(name, []).append(key)
        return [
            key
            for key in self._by_stem.get(last, ())
            if f'/{os.path.splitext(key)[0]}'.endswith(end)
        ]

    def unlabelled(self, taken: Container[str]) -> List[str]:
        """Say of how many images the file says nothing."""
        rest = sorted(
            path
            for path in self._paths.values()
            if os.path.splitext(path)[1].lower() in ENDINGS
            and path not in taken
        )
        if not rest:
            return []
        return [
            f'{len(rest)} images of {self._folder} have no label; the first '
            f'is {rest[0]!r:.200}.'
        ]
