"""Which image an XML file of VOC's form is of."""

import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Dict, List, Set


class VOCImages:
    """Find the image of an XML file, among those in ``JPEGImages``.

    It is the one that the file names. Where it names one without an ending or
    one that ``JPEGImages`` has not, it is the one of the XML file's own name.

    Args:
        annotations (Path): Folder of the XML files. The images are in the
            folder ``JPEGImages`` beside it; where that is not, what a file
            says is believed.
    """

    def __init__(self, annotations: Path) -> None:
        self._annotations = annotations
        self._folder = annotations.parent / 'JPEGImages'
        self._paths: Set[str] = set()
        self._by_stem: Dict[str, str] = {}
        self._renamed: List[str] = []
        for folder, _, names in os.walk(self._folder):
            for name in names:
                path = Path(folder, name).relative_to(self._folder)
                self._paths.add(path.as_posix())
                self._by_stem[path.with_suffix('').as_posix()] = (
                    path.as_posix()
                )

    def find(self, xml: Path, named: str) -> str:
        """Return the path of an image below the folder of images.

        Args:
            xml (Path): The XML file.
            named (str): What it names, '' where it names none. Of a path on
                another machine the last part counts.
        """
        pure = PureWindowsPath(named)  # knows both kinds of slashes
        name = pure.name if pure.anchor else pure.as_posix()
        inner = PurePosixPath(xml.relative_to(self._annotations).as_posix())
        for path in (name, (inner.parent / name).as_posix()):
            if path in self._paths:
                return path
        stem = inner.with_suffix('').as_posix()
        if stem in self._by_stem:
            self._renamed.append(f'{xml} ({named or "no name"})')
            return self._by_stem[stem]
        if not named:
            return f'{stem}.jpg'
        return name if pure.suffix else f'{name}.jpg'

    def notes(self) -> List[str]:
        """Say of how many images the XML file names another file."""
        if not self._renamed:
            return []
        return [
            f'{len(self._renamed)} images are found by the names of their XML '
            f'files, as {self._folder} has none of the name that they give; '
            f'the first is of {self._renamed[0]}'
        ]
