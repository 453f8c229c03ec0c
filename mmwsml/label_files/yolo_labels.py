"""Labels as YOLO reads them: a text file an image, a line a box."""

import math
import re
from pathlib import Path, PurePosixPath
from typing import Dict, Iterator, List, Optional

from mmwsml.label_files.files_of_images import FolderFiles, read_text, stem_of
from mmwsml.label_files.read_options import read_names
from mmwsml.label_files.yolo_names import LISTS, find_names

from .bad_entries import BadEntries
from .named_labels import NamedLabels, Source

#: The folder of the images, and the one of the files of labels beside it.
IMAGES, LABELS = 'images', 'labels'
LINE = re.compile(r'\d+(\s+[-+.\deE]+){4,}')
NUM_SEARCHED = 20  # files


def is_yolo(files: FolderFiles) -> bool:
    """Tell whether a folder has YOLO's data.yaml, or texts of its boxes."""
    if any(Path(files.folder).glob('data.y*ml')) and files.labels['.txt']:
        return True
    texts = [x for x in files.labels['.txt'] if _is_label(x)]
    for name in texts[:NUM_SEARCHED]:
        try:
            lines = read_text(files.path(name)).split('\n')
        except (OSError, ValueError):
            continue
        if any(line.strip() for line in lines):
            return LINE.fullmatch(lines[0].strip()) is not None
    return False


def _is_label(name: str) -> bool:
    return PurePosixPath(name).name not in LISTS


def read_yolo(
    files: FolderFiles, names: Optional[str], bad: BadEntries
) -> Source:
    """Read the first number of each line; boxes and outlines do not count.

    An image without a file of labels is one without objects, as YOLO has it.

    Args:
        files (FolderFiles): Of the folder of the data set or of a part of
            it. An image and its file differ by ``images`` and ``labels`` in
            their paths, or are in one folder.
        names (str, optional): File with a name of a class a line. Defaults
            to None, the ``names`` of a YAML file or those of ``classes.txt``
            in the folder or above it.
        bad (BadEntries): Takes the files that break a rule.

    Raises:
        ValueError: If nothing names the classes.
    """
    classes = read_names(names) if names else find_names(Path(files.folder))
    by_stem = {stem_of(image): image for image in files.images}
    texts: Dict[str, str] = {}
    others = []
    for name in files.labels['.txt']:
        stem = _swap(stem_of(name))
        if by_stem and stem not in by_stem:
            others.append(name)
        elif _is_label(name):
            texts[name] = by_stem.get(stem, stem)
    bare = sorted(set(files.images) - set(texts.values()))
    notes = []
    if others:
        notes.append(
            f'{files.folder}: {len(others)} text files are of no image: left '
            f'out; the first is {others[0]}.'
        )
    if bare:
        notes.append(
            f'{files.folder}: {len(bare)} images have no file of labels, '
            'which YOLO takes as images without objects; the first is '
            f'{bare[0]}.'
        )
    images = _read_files(files, texts, bare, classes, bad)
    return Source(classes, images, None, notes)


def _swap(path: str) -> str:
    """Return the path of the image, with the last ``labels`` exchanged."""
    parts = path.split('/')
    for n in reversed(range(len(parts) - 1)):
        if parts[n] == LABELS:
            parts[n] = IMAGES
            break
    return '/'.join(parts)


def _read_files(
    files: FolderFiles,
    texts: Dict[str, str],
    bare: List[str],
    classes: List[str],
    bad: BadEntries,
) -> Iterator[NamedLabels]:
    for name, image in texts.items():
        place = files.path(name)
        try:
            labels = _parse(read_text(place), len(classes))
        except OSError as error:
            bad.add_missing(f'{place}: {error.strerror}')
        except ValueError as error:
            bad.add(f'{place}: {error}')
        else:
            yield NamedLabels(place, image, [classes[n] for n in labels])
    bad.judge(len(texts))
    for image in bare:
        yield NamedLabels(files.path(image), image, [])


def _parse(text: str, num_classes: int) -> List[int]:
    """Return the distinct numbers of classes."""
    labels: Dict[int, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words:
            continue
        if len(words) < 5 or not all(map(_is_number, words)):
            raise ValueError(
                f'line {number} must be the number of a class and those of a '
                f'box or an outline, but is {line!r:.200}'
            )
        if not words[0].isdecimal() or int(words[0]) >= num_classes:
            raise ValueError(
                f'line {number} must begin with the number of one of '
                f'{num_classes} classes, from 0, but has {words[0]!r:.60}'
            )
        labels[int(words[0])] = None
    return list(labels)


def _is_number(word: str) -> bool:
    try:
        return math.isfinite(float(word))
    except ValueError:
        return False
