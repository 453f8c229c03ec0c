"""Labels from a folder of VOC's XML files."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Iterator, List, NamedTuple, Optional, Sequence, Set

from mmwsml.datasets.text_lines import read_lines

from .bad_entries import BadEntries
from .named_labels import NamedLabels, Source


class _File(NamedTuple):
    place: str
    img_path: str
    present: Set[str]


def read_voc(
    folder: str,
    ids: Optional[str],
    classes: Optional[Sequence[str]],
    bad: BadEntries,
) -> Source:
    """Read ``Annotations/*.xml``.

    A class with an object is present, every other one is absent. Objects
    marked as difficult do not count, as in VOC's own lists.

    Args:
        folder (str): The folder of the XML files, or the one above it.
        ids (str, optional): File with the name of an image in each line, such
            as ``ImageSets/Main/train.txt``. Defaults to None, all images.
        classes (Sequence[str], optional): Names. Defaults to None, those of
            all objects, in alphabetical order.
        bad (BadEntries): Takes the files that break a rule.

    Returns:
        Source: The classes and the images.

    Raises:
        ValueError: If the folder holds no XML file.
    """
    root = Path(folder)
    root = root / 'Annotations' if (root / 'Annotations').is_dir() else root
    paths = sorted(root.glob('*.xml'))
    if not paths:
        raise ValueError(
            f'{folder}: holds no XML file, nor does its folder Annotations; '
            'name the folder of VOC2007 or VOC2012.'
        )
    if ids is not None:
        names = [line.split()[0] for _, line in read_lines(ids)]
        paths = [root / f'{name}.xml' for name in names]
    files = [file for path in paths for file in _read_file(path, bad)]
    found: Set[str] = set().union(*(file.present for file in files))
    every = list(classes or sorted(found))
    return Source(every, _to_labels(files, every))


def _to_labels(
    files: Sequence[_File], classes: List[str]
) -> Iterator[NamedLabels]:
    for place, img_path, present in files:
        absent = [name for name in classes if name not in present]
        yield NamedLabels(place, img_path, sorted(present), absent)


def _read_file(path: Path, bad: BadEntries) -> Iterator[_File]:
    """Yield what a file says, or nothing if it is bad."""
    try:
        tree = ElementTree.parse(path).getroot()
        name = tree.findtext('filename') or f'{path.stem}.jpg'
        present = {
            item.findtext('name', '').strip()
            for item in tree.iter('object')
            if item.findtext('difficult', '0').strip() != '1'
        }
        yield _File(str(path), name.strip(), present)
    except OSError as error:
        bad.add(f'{path}: {error.strerror}')
    except ElementTree.ParseError as error:
        bad.add(f'{path}: must be XML, but {error}')
