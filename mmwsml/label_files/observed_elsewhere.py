"""Labels that were observed elsewhere, of the images of a data set."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Sequence

from mmwsml.label_files.convert import read_labels, settle
from mmwsml.label_files.guesses import (
    gather_guesses,
    read_guesses,
    result_guesses,
)
from mmwsml.label_files.index_list import read_index_list
from mmwsml.label_files.json_forms import is_predictions
from mmwsml.label_files.json_labels import load_json
from mmwsml.label_files.observed_labels import Observation
from mmwsml.label_files.read_options import ReadOptions

from .bad_entries import BadEntries
from .image_finder import ImageFinder
from .marked_labels import MarkedLabels
from .table_labels import read_table_labels
from .table_reader import LINES, SUFFIXES, read_table_file

#: Endings of tables, and of all that :func:`read_labels` reads.
TABLES = tuple(suffix for suffix in SUFFIXES if suffix not in LINES)
KNOWN = (*SUFFIXES, '.json')


def read_elsewhere(
    path: str,
    finder: ImageFinder,
    classes: Sequence[str],
    options: ReadOptions,
    bad: BadEntries,
) -> Dict[str, Observation]:
    """Read labels that name images and classes of a data set.

    Args:
        path (str): Guesses with scores, ``image,class,score`` or what
            infer.py wrote; any form of :func:`read_labels`; or, with another
            ending or ``.txt``, lines of ``file,indices``.
        finder (ImageFinder): Knows the images of the data set.
        classes (Sequence[str]): Names of its K classes.
        options (ReadOptions): How it is read.
        bad (BadEntries): Takes what breaks a rule.

    Returns:
        dict[str, Observation]: By the ``sample_id``.
    """
    suffix = Path(path).suffix.lower()
    is_text = suffix == '.txt' and not _says(options)
    if is_text or not (suffix in KNOWN or Path(path).is_dir()):
        return read_index_list(path, finder, len(classes), bad)
    options = replace(options, classes=classes)
    if suffix in TABLES:
        table = read_table_file(path, options, bad)
        guesses = read_guesses(table)
        if guesses is not None:
            return gather_guesses(guesses, finder, classes, options, bad)
        marked = read_table_labels(table, options, bad)
        marked = settle(marked, options, bad, source=path)
        return _place(marked, finder, bad)
    data: Any = load_json(path) if suffix == '.json' else None
    if is_predictions(data):
        guesses = result_guesses(path, data)
        return gather_guesses(guesses, finder, classes, options, bad)
    return _place(read_labels(path, bad, options), finder, bad)


def _says(options: ReadOptions) -> bool:
    """Return whether somebody says that a text is a table."""
    return bool(options.columns or options.image_column or options.tags)


def _place(
    marked: MarkedLabels, finder: ImageFinder, bad: BadEntries
) -> Dict[str, Observation]:
    """Find the images of the data set that labels are of."""
    found: Dict[str, Observation] = {}
    for row, (name, lists) in enumerate(zip(marked.images, marked.lists())):
        try:
            sample_id = finder.find(name)
        except LookupError as error:
            bad.add_missing(f'{marked.place(row)}: {error.args[0]}')
            continue
        if sample_id in found:
            bad.add(
                f'{marked.place(row)}: {name!r:.200} is {sample_id}, which is '
                'there already under another name'
            )
            continue
        found[sample_id] = Observation(sample_id, *lists)
    bad.judge(len(marked))
    return found
