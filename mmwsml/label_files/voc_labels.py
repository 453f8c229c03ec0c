"""Labels from a folder of VOC's XML files."""

import os
import xml.etree.ElementTree as ElementTree
from pathlib import Path, PureWindowsPath
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence, Set

from mmwsml.label_files.text_lines import read_lines

from .bad_entries import BadEntries
from .named_labels import NamedLabels, Source
from .voc_images import VOCImages

ROOT = 'annotation'  # the element that holds all others
#: What to do with XML of CVAT for images.
CVAT = ', as CVAT writes it; export the task from CVAT as COCO 1.0'


class _File(NamedTuple):
    img_path: str
    present: Set[str]


class _OtherXMLError(ValueError):
    """The file is XML, but none of VOC's."""


def read_voc(
    folder: str,
    ids: Optional[str],
    classes: Optional[Sequence[str]],
    bad: BadEntries,
) -> Source:
    """Read ``Annotations/*.xml``, those in folders below it too.

    A class with an object is present; ``rest`` says what the others are.
    Objects marked as difficult do not count, as in VOC's own lists, nor do
    those that LabelMe marks as deleted. XML of other programs beside VOC's is
    left out.

    Args:
        folder (str): The folder of the XML files, or the one above it.
        ids (str, optional): File with the name of an image in each line, such
            as ``ImageSets/Main/train.txt``. Defaults to None, all images.
        classes (Sequence[str], optional): Names. Defaults to None, those of
            all objects of the folder, in alphabetical order: the same for
            every list of it.
        bad (BadEntries): Takes the files that break a rule.

    Returns:
        Source: The classes and the images.

    Raises:
        ValueError: If the folder holds no XML file of VOC's, or no object.
    """
    root = Path(folder)
    root = root / 'Annotations' if (root / 'Annotations').is_dir() else root
    paths = sorted(x for x in root.rglob('*') if x.suffix.lower() == '.xml')
    if not paths:
        raise ValueError(
            f'{folder}: holds no XML file, nor does its folder Annotations; '
            'name the folder of VOC2007 or VOC2012.'
        )
    wanted = paths if ids is None else list(_listed(root, ids))
    images = VOCImages(root)
    others: List[str] = []
    files = _read_files([*paths, *wanted], images, others, bad)
    if others and not files:
        raise ValueError(
            f'{others[0]}; convert the annotations of {folder} to VOC or COCO.'
        )
    every = list(
        classes or sorted(set().union(*(x[1] for x in files.values())))
    )
    if not every:
        raise ValueError(
            f'{folder}: no file has an object that counts; name the classes '
            'with --classes.'
        )
    labels = (
        NamedLabels(
            str(path), files[path].img_path, sorted(files[path].present)
        )
        for path in wanted
        if path in files
    )
    return Source(every, labels, None, [*others, *images.notes()])


def _listed(root: Path, ids: str) -> Iterator[Path]:
    """Yield the files of a list; its lines may have more columns."""
    for number, line in read_lines(ids):
        name = line.strip()
        # Not path.exists(), which fails at a name that is too long.
        if not os.path.exists(root / f'{name}.xml'):
            name = line.split()[0]
        pure = PureWindowsPath(name)  # knows both kinds of slashes
        if pure.anchor or '..' in pure.parts:
            raise ValueError(
                f'{ids}, line {number}: must be the name of an image below '
                f'{root}, but is {name!r:.200}; correct the line.'
            )
        yield root / f'{name}.xml'


def _read_files(
    paths: Sequence[Path],
    images: VOCImages,
    others: List[str],
    bad: BadEntries,
) -> Dict[Path, _File]:
    files = {}
    distinct = dict.fromkeys(paths)
    for path in distinct:
        try:
            files[path] = _read_file(path, images)
        except _OtherXMLError as error:
            others.append(f'{path}: {error}')
        except OSError as error:
            bad.add_missing(f'{path}: {error.strerror}')
        except ElementTree.ParseError as error:
            bad.add(f'{path}: must be XML, but {error}')
        except ValueError as error:
            bad.add(f'{path}: {error}')
    bad.judge(len(distinct) - len(others))
    return files


def _read_file(path: Path, images: VOCImages) -> _File:
    root = ElementTree.parse(path).getroot()
    if root.tag != ROOT:
        raise _OtherXMLError(
            f'is no annotation of VOC: it is a <{root.tag}>, not an <{ROOT}>'
            + (CVAT if root.tag == 'annotations' else '')
        )
    if root.find('filename') is None and root.find('object') is None:
        raise ValueError('has neither a <filename> nor an <object>')
    present = set()
    for item in root.iter('object'):
        if _is_marked(item, 'difficult') or _is_marked(item, 'deleted'):
            continue
        name = item.findtext('name', '').strip()
        if not name:
            raise ValueError('an <object> has no <name>')
        present.add(name)
    named = root.findtext('filename', '').strip()
    return _File(images.find(path, named), present)


def _is_marked(item: ElementTree.Element, mark: str) -> bool:
    return item.findtext(mark, '').strip().lower() in ('1', 'true')
