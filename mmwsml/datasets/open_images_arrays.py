"""Building the label arrays of Open Images from its CSV files."""

import csv
import json
from pathlib import Path
from typing import Dict, Optional

import numpy as np
from rich.progress import track

from mmwsml.structures import LabelArrays, LabelLists
from mmwsml.structures.whole_file import write_json

from .draft_folder import draft_folder
from .open_images_classes import read_classes
from .open_images_keys import need_file, read_split
from .open_images_report import Report

FOLDER = 'arrays_v1'  # changes whenever its files do


def build_open_images(
    data_root: str,
    split: str,
    image_path: Optional[str] = None,
    keep_unlabelled: bool = False,
    skip_bad: bool = False,
) -> Dict[str, int]:
    """Build the arrays of one split, unless they are there.

    Args:
        data_root (str): The folder of :class:`mmwsml.OpenImages`.
        split (str): 'train', 'validation' or 'test'.
        image_path (str, optional): Check that the images are there, as in
            :class:`mmwsml.OpenImages`. Defaults to None: no check.
        keep_unlabelled (bool): Keep the images of images.csv that have no
            known label. Defaults to False.
        skip_bad (bool): Leave bad entries out and count them. Defaults to
            False: the first one ends the building.

    Returns:
        dict[str, int]: What was found and what was left out, by name.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If an entry is bad; the message names file, line, rule and
            remedy.
    """
    root = Path(data_root).expanduser()
    final = root / FOLDER / split
    with draft_folder(final) as draft:
        if draft:
            report = Report(skip_bad)
            classes = read_classes(
                need_file(root / 'classes-trainable.txt'),
                need_file(root / 'class-descriptions.csv'),
            )
            ids, keys = read_split(root / split, list(classes), report)
            keep = _is_labelled(ids, keys)
            report['images without a known label'] = int((~keep).sum())
            keep |= keep_unlabelled
            if image_path is not None:
                check_image_path(image_path)
                args = root, image_path, split, ids[keep], report
                keep[keep] = _find_images(*args)
                keys = keys[keep[keys >> 32]]
            if not keep.any():
                raise ValueError(
                    f'{root / split}: no image is there that has a known '
                    'label of a class of classes-trainable.txt; take all '
                    'files from one release.'
                )
            _write(draft, classes, ids, keys, keep, report)
    return json.loads((final / 'report.json').read_text(encoding='utf-8'))


def check_image_path(image_path: str) -> None:
    """Refuse a pattern that gives two images one path.

    Raises:
        ValueError: If ``image_path`` is not a pattern with ``{id}``.
    """
    try:
        paths = {
            image_path.format(split='train', id=f'{image:016x}')
            for image in (0, 1)
        }
    except (LookupError, ValueError) as error:
        raise ValueError(
            f'`image_path` may hold {{split}} and {{id}}, but got '
            f'{image_path!r} ({error!r}).'
        ) from error
    if len(paths) < 2:
        raise ValueError(
            f'`image_path` must hold the whole {{id}}, but got {image_path!r}.'
        )


def _is_labelled(ids: np.ndarray, keys: np.ndarray) -> np.ndarray:
    labelled = np.zeros(len(ids), bool)
    labelled[keys >> 32] = True
    return labelled


def _find_images(
    root: Path, pattern: str, split: str, ids: np.ndarray, report: Report
) -> np.ndarray:
    """Find the images that are there and not empty, bool ``(N,)``."""
    found = np.zeros(len(ids), bool)
    for row, image in enumerate(track(ids.tolist(), 'images')):
        path = root / pattern.format(split=split, id=f'{image:016x}')
        found[row] = path.is_file() and path.stat().st_size
        if not found[row]:
            report.bad(
                'images that are missing or empty',
                f'the image {path} is missing or empty; download it, correct '
                '--image-path',
            )
    return found


def _write(
    folder: Path,
    classes: Dict[str, str],
    ids: np.ndarray,
    keys: np.ndarray,
    keep: np.ndarray,
    report: Report,
) -> None:
    is_negative = (keys.astype(np.uint8) & 1).astype(bool)  # small copies
    lists = [_as_lists(keys, x, keep) for x in (~is_negative, is_negative)]
    LabelArrays.save(folder, ids[keep], *lists)
    counts = [
        np.bincount(x.classes, minlength=len(classes)).tolist() for x in lists
    ]
    with (folder / 'class_counts.csv').open(
        'w', newline='', encoding='utf-8'
    ) as text:
        rows = csv.writer(text)
        rows.writerow(['label', 'name', 'positives', 'negatives'])
        rows.writerows(zip(*zip(*classes.items()), *counts))
    report['images'] = int(keep.sum())
    report['known positives'] = sum(counts[0])
    report['known negatives'] = sum(counts[1])
    write_json(folder / 'report.json', report)


def _as_lists(
    keys: np.ndarray, chosen: np.ndarray, keep: np.ndarray
) -> LabelLists:
    keys = keys[chosen]
    bounds = np.searchsorted(keys, np.arange(len(keep) + 1) << 32)
    offsets = np.append(0, np.cumsum(np.diff(bounds)[keep]))
    keys >>= 1
    return LabelLists(offsets, keys.astype(np.uint16))  # the lowest 16 bits
