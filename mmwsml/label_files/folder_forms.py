"""Labels in a folder: a file an image, in the form that its files tell."""

from dataclasses import replace
from typing import Dict, List, Sequence

import numpy as np

from mmwsml.label_files.files_of_images import (
    FolderFiles,
    list_files,
    read_text,
)
from mmwsml.label_files.read_options import ReadOptions, split_names
from mmwsml.label_files.yolo_labels import is_yolo, read_yolo

from .bad_entries import BadEntries
from .json_labels import load_json
from .json_records import read_records
from .marked_labels import MarkedLabels, collect
from .table import Coder, Column, Table
from .table_labels import read_table_labels
from .voc_labels import read_voc

#: Key of the image that the name of a JSON file tells.
OWN = 'image of the file'
#: Letters of a text that is no label.
MANY = 10_000
#: Columns of the table that is made of tags in files.
IMAGE, TAGS = 'image', 'tags'


def read_folder(
    folder: str, options: ReadOptions, bad: BadEntries
) -> MarkedLabels:
    """Read what the files of a folder say, those of folders below it too.

    Args:
        folder (str): With a file an image: VOC's XML, JSON, boxes of YOLO, or
            tags in a text.
        options (ReadOptions): How it is read.
        bad (BadEntries): Takes the files that break a rule.

    Raises:
        ValueError: If it holds no such files, or several kinds of them.
    """
    files = list_files(folder)
    if not files.labels['.xml'] and is_yolo(files):
        return collect(read_yolo(files, options.names, bad), bad)
    texts, json_files = (files.pair(ending) for ending in ('.txt', '.json'))
    if files.labels['.xml']:
        classes = split_names(options.classes) or None
        return collect(read_voc(folder, options.ids, classes, bad), bad)
    if not texts[0] and not json_files[0]:
        raise ValueError(
            f'{folder}: holds no file of labels: an XML of VOC, or a JSON or '
            'text file with the name of each image; name the file that holds '
            'the labels of all.'
        )
    if texts[0] and json_files[0]:
        raise ValueError(
            f'{folder}: holds {len(texts[0])} text files and '
            f'{len(json_files[0])} JSON files of its images: which of them '
            'are the labels? Move the others to another folder.'
        )
    if texts[0]:
        return _read_tags(files, texts[0], options, bad).note(
            *_say_others(folder, texts[1])
        )
    return _read_json(files, json_files[0], options, bad).note(
        *_say_others(folder, json_files[1])
    )


def _say_others(folder: str, others: Sequence[str]) -> List[str]:
    if not others:
        return []
    return [
        f'{folder}: {len(others)} files are of no image beside them: left '
        f'out; the first is {others[0]!r:.200}.'
    ]


def _read_tags(
    files: FolderFiles,
    pairs: Dict[str, str],
    options: ReadOptions,
    bad: BadEntries,
) -> MarkedLabels:
    """Read texts of tags with commas or lines between them."""
    images, tags, names = Coder(), Coder(), []
    codes = []
    for name, image in pairs.items():
        try:
            text = read_text(files.path(name))
        except (OSError, ValueError) as error:
            bad.add(f'{files.path(name)}: {error}')
            continue
        names.append(name)
        cell = ','.join(x.strip() for x in text.splitlines() if x.strip())
        codes.append((images[image], tags[cell]))
    bad.judge(len(pairs))
    columns = [
        Column(key, np.array(numbers, np.int32), list(coder))
        for key, coder, numbers in zip(
            (IMAGE, TAGS), (images, tags), zip(*codes)
        )
    ]
    table = Table(files.folder, columns, np.arange(1, 1 + len(names)))
    separator = options.tag_separator
    if separator is None and any(',' in cell for cell in tags):
        separator = ','
    options = replace(
        options, image_column=IMAGE, tags=TAGS, tag_separator=separator
    )
    marked = read_table_labels(table, options, bad)
    return replace(marked, place=lambda row: files.path(names[row]))


def _read_json(
    files: FolderFiles,
    pairs: Dict[str, str],
    options: ReadOptions,
    bad: BadEntries,
) -> MarkedLabels:
    """Read objects, each of which is of the image of its file's name."""
    records, places = [], []
    for name, image in pairs.items():
        path = files.path(name)
        try:
            data = load_json(path)
            if not isinstance(data, dict) or 'categories' in data:
                raise ValueError(
                    f'{path}: must be an object with the labels of an image; '
                    'a file of the labels of many is named itself'
                )
        except (OSError, ValueError) as error:
            bad.add(str(error).rstrip('.'))
            continue
        places.append(path)
        # LabelMe puts the pixels beside the labels.
        record = {
            key: value
            for key, value in data.items()
            if not isinstance(value, str) or len(value) < MANY
        }
        records.append((len(places), {**record, OWN: image}))
    bad.judge(len(pairs))
    if options.image_column is None:
        options = replace(options, image_column=OWN)
    return read_records(files.folder, records, options, bad, 'file', places)
