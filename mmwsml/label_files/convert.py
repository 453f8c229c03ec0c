"""A user's own labels, in any of the forms that are read."""

from dataclasses import replace
from pathlib import Path
from typing import Optional

from mmwsml.label_files.annotations import need_complete
from mmwsml.label_files.choices import (
    apply_none,
    choose_classes,
    decide_rest,
    note_alike,
)
from mmwsml.label_files.image_paths import find_images

from .bad_entries import BadEntries
from .folder_forms import read_folder
from .json_forms import read_json_forms
from .json_labels import load_json
from .json_records import read_records
from .marked_labels import MarkedLabels
from .read_options import ReadOptions, split_names
from .table_labels import read_table_labels
from .table_reader import LINES, SUFFIXES, read_objects, read_table_file
from .twins import merge_twins


def read_labels(
    source: str,
    bad: BadEntries,
    options: Optional[ReadOptions] = None,
    labels: str = 'partial',
) -> MarkedLabels:
    """Read labels in the form that the path tells.

    Args:
        source (str): A table, a JSON or a folder of VOC's XML files.
        bad (BadEntries): Takes the entries that break a rule.
        options (ReadOptions, optional): How it is read. Defaults to None, as
            the file says itself.
        labels (str): 'partial', or 'complete': every label must be known.
            Defaults to 'partial'.

    Returns:
        MarkedLabels: Each image once, by its path below the folder of images.

    Raises:
        FileNotFoundError: If there is no such file or folder.
        ValueError: If the path tells no form, or the file breaks a rule.
    """
    options = options or ReadOptions()
    marked = _read(source, options, bad)
    if options.crop_key:
        if not marked.cropped:
            raise ValueError(
                f'{source}: --crop-key needs JSON objects whose lists name '
                'the classes (--positive-key), but the file is of another '
                'form; leave it out.'
            )
        options = replace(
            options, images=options.crops, suffix=None, strip_prefix=None
        )
    if options.group and marked.groups is None:
        raise ValueError(
            f'{source}: --group names a column of a table or a key of JSON '
            f'objects, but the file is neither; leave it out.'
        )
    return settle(marked, options, bad, labels, source)


def settle(
    marked: MarkedLabels,
    options: ReadOptions,
    bad: BadEntries,
    labels: str = 'partial',
    source: str = 'the labels',
) -> MarkedLabels:
    """Apply what a person says of labels, whatever file they came from.

    Args:
        marked (MarkedLabels): What a reader found.
        options (ReadOptions): ``none``, ``classes``, ``rest``, and where the
            images are.
        bad (BadEntries): Takes the images that break a rule.
        labels (str): As in :func:`read_labels`. Defaults to 'partial'.
        source (str): Where they are from, for messages. Defaults to 'the
            labels'.

    Returns:
        MarkedLabels: Each image once, by its path below the folder of images.

    Raises:
        ValueError: If no image is left, or nobody says what is not marked.
    """
    marked = apply_none(marked, options.none, bad)
    marked = choose_classes(marked, split_names(options.classes))
    marked = note_alike(marked)
    _need_images(marked, source)
    marked = find_images(marked, options, bad)
    lists_presence = marked.rest is None
    marked = decide_rest(marked, options.rest, labels)
    marked = merge_twins(marked, lists_presence, bad)
    if labels == 'complete':
        marked = need_complete(marked, bad)
    _need_images(marked, source)
    return marked


def _need_images(marked: MarkedLabels, source: str) -> None:
    if not marked.classes:
        raise ValueError(
            f'{source}: names no class in any image, so that none is left; '
            'name them with --classes if that is right.'
        )
    if not len(marked):
        raise ValueError(
            f'{source}: no image is left to write: it has none, or all of '
            'them are bad.'
        )


def _read(source: str, options: ReadOptions, bad: BadEntries) -> MarkedLabels:
    """Read what a file or folder says, before anything is chosen of it."""
    path = Path(source)
    suffix = path.suffix.lower()
    if path.is_dir():
        return read_folder(source, options, bad)
    if suffix in LINES:
        records = list(read_objects(source))
        return read_records(source, records, options, bad, 'line')
    if suffix in SUFFIXES:
        table = read_table_file(source, options, bad)
        return read_table_labels(table, options, bad)
    if suffix == '.json':
        return read_json_forms(source, load_json(source), options, bad)
    if suffix == '.xml':
        raise ValueError(
            f'{source}: XML is read as a folder of VOC, a file an image; '
            'export a task of CVAT or of another program as COCO.'
        )
    raise ValueError(
        f'{source}: must be a table ({" ".join(sorted(SUFFIXES))}), a .json '
        'file or a folder; rename it, or check the path.'
    )
