"""A user's own labels, in any of the forms that are read."""

from pathlib import Path
from typing import Iterable, Iterator, List, Optional

from mmwsml.label_files.text_lines import read_lines

from .bad_entries import BadEntries
from .coco_labels import read_coco
from .csv_labels import read_csv
from .json_labels import load_json, read_json
from .named_labels import NamedLabels, Source
from .voc_labels import read_voc


def read_names(path: str) -> List[str]:
    """Read a class list, a name a line.

    Raises:
        ValueError: If a name is there twice.
    """
    names: List[str] = []
    for number, line in read_lines(path):
        if line.strip() in names:
            raise ValueError(
                f'{path}, line {number}: {line.strip()!r:.200} is there '
                'twice; name each class once.'
            )
        names.append(line.strip())
    return names


def read_labels(
    source: str,
    bad: BadEntries,
    classes: Optional[List[str]] = None,
    ids: Optional[str] = None,
) -> Source:
    """Read labels in the form that the path tells.

    Args:
        source (str): A CSV, a JSON (ours or COCO's) or a folder of VOC's XML
            files.
        bad (BadEntries): Takes the entries that break a rule.
        classes (list[str], optional): Names and order of the classes.
            Defaults to None, those of the source. Numbers in the source are
            of its own names, where it has some.
        ids (str, optional): For VOC, the file that lists the images.

    Returns:
        Source: What was found.

    Raises:
        FileNotFoundError: If there is no such file or folder.
        ValueError: If the path tells no form, or the file breaks a rule.
    """
    path = Path(source)
    if path.is_dir():
        return read_voc(source, ids, classes, bad)
    suffix = path.suffix.lower()
    if suffix == '.csv':
        found = read_csv(source, bad)
    elif suffix == '.json':
        found = _read_json(source, classes, bad)
    else:
        raise ValueError(
            f'{source}: must be a .csv or .json file or a folder of XML '
            'files; rename it, or check the path.'
        )
    found = found._replace(images=_need_images(source, found.images))
    if classes is None:
        return found
    foreign = [name for name in classes if name not in found.classes]
    return found._replace(classes=classes, foreign=foreign)


def _need_images(
    source: str, images: Iterable[NamedLabels]
) -> Iterator[NamedLabels]:
    """Yield the images of a file.

    Raises:
        ValueError: If there is none.
    """
    found = False
    for image in images:
        found = True
        yield image
    if not found:
        raise ValueError(
            f'{source}: no image is left to write: it has none, or all of '
            'them are bad.'
        )


def _read_json(
    source: str, classes: Optional[List[str]], bad: BadEntries
) -> Source:
    data = load_json(source)
    if 'annotations' in data or {'images', 'categories'} <= set(data):
        return read_coco(source, data, bad)
    return read_json(source, data, classes, bad)
