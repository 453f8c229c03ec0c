"""Files that go into inference and come out of it."""

import glob
import json
import os
from collections import Counter
from pathlib import Path
from typing import Dict, Iterator, List, Sequence

import numpy as np

from mmwsml.label_files.image_folder import ENDINGS
from mmwsml.label_files.text_lines import read_lines
from mmwsml.structures.spreadsheet import write_spreadsheet
from mmwsml.structures.whole_file import whole_file


def find_images(inputs: Sequence[str]) -> List[str]:
    """List the images that paths, folders, patterns and lists name.

    Args:
        inputs (Sequence[str]): Each an image, a folder (searched with the
            folders in it), a pattern such as ``'photos/*.jpg'``, or a text
            file (.txt) with a path a line.

    Returns:
        list[str]: Each image once, in the order of ``inputs``, folders and
        patterns sorted.

    Raises:
        FileNotFoundError: If an input names no image.
    """
    found: Dict[str, None] = {}
    for name in inputs:
        images = _expand(name)
        if not images:
            raise FileNotFoundError(
                f'{name}: names no image that is there; give an image, a '
                f'folder with images ({" ".join(sorted(ENDINGS))}, in any '
                'case of letters), a pattern, or a '
                '.txt file with a path a line.'
            )
        found.update(dict.fromkeys(images))
    return list(found)


def tell_others(inputs: Sequence[str]) -> str:
    """Say which files of folders are no images by their names.

    Args:
        inputs (Sequence[str]): As of :func:`find_images`.

    Returns:
        str: A sentence; '' if there is nothing to say.
    """
    paths = {path for name in inputs for path in _walk(name)}
    counts = Counter(_ending(path) for path in paths)
    others = sorted(x for x in counts.items() if x[0] not in ENDINGS)
    if not others:
        return ''
    kinds = ', '.join(f'{n} {end or "without ending"}' for end, n in others)
    total = sum(number for _, number in others)
    return f'{total} files are no images by their names, left out: {kinds}.'


def _ending(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _walk(folder: str) -> Iterator[str]:
    """Yield the files below a folder; of anything else, nothing."""
    for parent, _, files in os.walk(folder, followlinks=True):
        for file in files:
            yield os.path.join(parent, file)


def _expand(name: str) -> List[str]:
    if os.path.isdir(name):
        return sorted(path for path in _walk(name) if _ending(path) in ENDINGS)
    if os.path.isfile(name):
        if not name.lower().endswith('.txt'):
            return [name]
        return [line.strip() for _, line in read_lines(name)]
    return sorted(filter(os.path.isfile, glob.glob(name, recursive=True)))


def name_pictures(images: Sequence[object]) -> Dict[int, str]:
    """Name a picture for each image, no two alike.

    Paths keep their folders below the one that all share, since two folders
    may hold the same name; what is no path gets its number.

    Args:
        images (list): What is drawn; a path is a str.

    Returns:
        dict[int, str]: For each index a relative path that ends in ``.jpg``.
    """
    paths = {
        index: os.path.abspath(image)
        for index, image in enumerate(images)
        if isinstance(image, str)
    }
    shared = (
        os.path.commonpath(map(os.path.dirname, paths.values()))
        if (paths)
        else ''
    )
    return {
        index: f'{index:06d}.jpg'
        if index not in paths
        else f'{os.path.relpath(paths[index], shared)}.jpg'
        for index in range(len(images))
    }


def check_out_file(path: str) -> None:
    """Refuse the name of a result that cannot be written, before the work.

    Raises:
        ValueError: If it ends neither in .json nor in .csv.
        FileNotFoundError: If its folder does not exist.
    """
    if Path(path).suffix not in ('.json', '.csv'):
        raise ValueError(f'--out must end in .json or .csv, but is {path}.')
    if not Path(path).absolute().parent.is_dir():
        raise FileNotFoundError(
            f'The folder of --out {path} does not exist; make it first.'
        )


def write_results(
    path: str,
    results: Sequence[dict],
    classes: Sequence[str],
    thresholds: np.ndarray,
    skipped: Dict[str, str],
) -> None:
    """Write results as JSON or CSV.

    JSON: ``{"classes", "thresholds", "images": [{"img_path", "labels",
    "scores"}], "skipped": {path: reason}}``. CSV: a line an image with
    ``img_path``, ``labels`` (a JSON list) and a column of scores a class;
    a path or a class that a spreadsheet would compute has an apostrophe.

    Args:
        path (str): Ends in .json or .csv.
        results (Sequence[dict]): Of ``MultiLabelInferencer``.
        classes (Sequence[str]): Names of the K classes.
        thresholds (ndarray): Float ``(K,)``.
        skipped (dict[str, str]): Images that could not be read, and why.
    """
    # The shortest digits that are this float32 and no other.
    rows = [
        dict(row, scores=[float(str(z)) for z in row['scores']])
        for row in results
    ]
    # A name of an image may be no UTF-8.
    with whole_file(path, newline='', errors='backslashreplace') as file:
        if path.endswith('.json'):
            content = dict(
                classes=list(classes),
                thresholds=[float(str(z)) for z in thresholds],
                images=rows,
                skipped=skipped,
            )
            json.dump(content, file, ensure_ascii=False)
            return
        lines = [['img_path', 'labels', *classes]]
        for row in rows:
            labels = json.dumps(row['labels'], ensure_ascii=False)
            lines.append([row['img_path'], labels, *row['scores']])
        write_spreadsheet(file, lines)
