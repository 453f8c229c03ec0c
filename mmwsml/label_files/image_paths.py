"""Where the images are that a label file names."""

import os
from dataclasses import replace
from typing import Dict, List, Optional, Tuple

import numpy as np

from mmwsml.structures import make_sample_id

from .bad_entries import BadEntries
from .image_folder import ENDINGS, ImageFolder
from .marked_labels import MarkedLabels
from .read_options import ReadOptions


def find_images(
    marked: MarkedLabels, options: ReadOptions, bad: BadEntries
) -> MarkedLabels:
    """Turn the names of images into paths below the folder of images.

    Args:
        marked (MarkedLabels): Names as they were read.
        options (ReadOptions): ``images``, the folder where each image must
            be: a path is found by its end, a name without ending by its stem;
            ``suffix`` and ``strip_prefix``.
        bad (BadEntries): Takes names that lead nowhere or to a file that
            another name leads to.

    Raises:
        ValueError: If names have no ending, and nobody says which.
    """
    names = [clean_name(name, options) for name in marked.images]
    index = ImageFolder(options.images) if options.images else None
    if index is None:
        _need_endings(marked, names)
    taken: Dict[str, str] = {}
    paths, rows = [], []
    for row, name in enumerate(names):
        path, fault, missing = _resolve(name, index)
        if index and not fault and taken.setdefault(path, name) != name:
            fault = f'{name!r} leads to {path!r}, as {taken[path]!r} does'
        if not fault:
            paths.append(path)
            rows.append(row)
        elif missing:
            bad.add_missing(f'{marked.place(row)}: {fault}')
        else:
            bad.add(f'{marked.place(row)}: {fault}')
    bad.judge(len(names))
    kept = marked
    if len(rows) < len(names):
        kept = marked.take(np.array(rows, np.int64))
    kept = replace(kept, images=paths)
    return kept if index is None else kept.note(*index.unlabelled(taken))


def clean_name(name: str, options: ReadOptions) -> str:
    """Cut off the prefix that is said, and add the ending to a bare name."""
    prefix, suffix = options.strip_prefix, options.suffix
    name = name.replace('\\', '/') if '\\' in name else name
    name = name[2:] if name.startswith('./') else name
    if prefix and name.startswith(prefix.replace('\\', '/')):
        name = name[len(prefix) :].lstrip('/')
    if suffix and name and os.path.splitext(name)[1].lower() not in ENDINGS:
        name += suffix
    return name


def _need_endings(marked: MarkedLabels, names: List[str]) -> None:
    bare = [n for n, x in enumerate(names) if x and '.' not in x[1:]]
    if len(bare) * 2 > len(names):
        raise ValueError(
            f'{marked.place(bare[0])}: the name of the image '
            f'{names[bare[0]]!r:.200} has no ending; say which with --suffix '
            '.jpg, or where the images are with --images FOLDER.'
        )


def _resolve(name: str, index: Optional[ImageFolder]) -> Tuple[str, str, bool]:
    """Return the path, what is wrong, and whether the file is missing."""
    if not name:
        return '', 'there is no name of an image', False
    if index is not None and '://' not in name:
        return index.find(name)
    try:
        if '://' in name or '\n' in name:
            raise ValueError
        sample_id = make_sample_id('images', name)
    except ValueError:
        return (
            '',
            f'the path {name!r:.200} must lead from the folder of images to '
            'one in it; cut off what stands in front with --strip-prefix',
            False,
        )
    return sample_id.partition('/')[2], '', False
