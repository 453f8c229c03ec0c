"""Positives that a model guessed elsewhere, with scores."""

import json
from typing import (
    Any,
    Dict,
    Iterable,
    Iterator,
    List,
    Optional,
    Sequence,
    Tuple,
)

from mmwsml.label_files.image_paths import clean_name
from mmwsml.label_files.observed_labels import Observation
from mmwsml.label_files.read_options import ReadOptions
from mmwsml.structures.short_value import short_value
from mmwsml.structures.spreadsheet import read_cell

from .bad_entries import BadEntries
from .image_finder import ImageFinder
from .table import Table

#: Columns of a table with a guess a line.
COLUMNS = ('image', 'class', 'score')
#: Columns of a table of infer.py, which has one of scores a class, too.
PREDICTED = ('img_path', 'labels')
#: Place for a message, image, and its classes with their scores.
Guess = Tuple[str, Any, List[Tuple[Any, Any]]]


def read_guesses(table: Table) -> Optional[Iterator[Guess]]:
    """Return the guesses that a table holds, None if it holds others.

    Args:
        table (Table): With ``image,class,score``, or as infer.py writes it.

    Raises:
        ValueError: If ``labels`` of infer.py is no list of names of columns.
    """
    names = {column.name for column in table.columns}
    if names.issuperset(COLUMNS):
        return _by_line(table)
    return _by_image(table) if names.issuperset(PREDICTED) else None


def _by_line(table: Table) -> Iterator[Guess]:
    columns = [table.column(name, 'the form').cells() for name in COLUMNS]
    for row, (image, name, score) in enumerate(zip(*columns)):
        pairs = [(read_cell(name), score)]
        yield table.place(row), read_cell(image), pairs


def _by_image(table: Table) -> Iterator[Guess]:
    cells = {read_cell(x.name): x.cells() for x in table.columns}
    images, lists = (cells[name] for name in PREDICTED)
    for row, (image, text) in enumerate(zip(images, lists)):
        place = table.place(row)
        try:
            names = json.loads(text)
            pairs = [(name, cells[name][row]) for name in names]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise ValueError(
                f'{place}: `labels` must be a list of names of columns, as '
                f'infer.py writes it, but is {short_value(text)}; take the '
                'file as it was written.'
            ) from None
        yield place, read_cell(image), pairs


def result_guesses(path: str, data: Dict[str, Any]) -> Iterator[Guess]:
    """Yield what infer.py predicted, from its JSON.

    Raises:
        ValueError: If the file has another form.
    """
    for number, entry in enumerate(data['images'], 1):
        place = f'{path}, image {number}'
        try:
            scores = dict(zip(data['classes'], entry['scores']))
            pairs = [(name, scores[name]) for name in entry['labels']]
            image = entry['img_path']
        except (TypeError, KeyError):
            raise ValueError(
                f'{place}: must have img_path, labels and a score for each '
                f'of the classes, but is {short_value(entry)}; take the file '
                'as infer.py wrote it.'
            ) from None
        yield place, image, pairs


def gather_guesses(
    guesses: Iterable[Guess],
    finder: ImageFinder,
    classes: Sequence[str],
    options: ReadOptions,
    bad: BadEntries,
) -> Dict[str, Observation]:
    """Gather the guesses of each image.

    Args:
        guesses (Iterable[Guess]): A class is a name; a score is the
            probability that it is present, in [0, 1].
        finder (ImageFinder): Knows the images.
        classes (Sequence[str]): Names of the K classes.
        options (ReadOptions): ``strip_prefix`` and ``suffix`` of the images.
        bad (BadEntries): Takes the guesses that break a rule.

    Returns:
        dict[str, Observation]: The guessed positives of each image.
    """
    index = {name: label for label, name in enumerate(classes)}
    images: Dict[str, Tuple[List[int], List[float]]] = {}
    num_guesses = 0
    for place, name, pairs in guesses:
        num_guesses += 1
        try:
            checked = [_check(*pair, index) for pair in pairs]
            found = finder.find(clean_name(str(name), options))
            labels, scores = images.setdefault(found, ([], []))
            for label, score in checked:
                if label in labels:
                    raise ValueError(
                        f'{name!r:.200} has {classes[label]!r:.200} twice'
                    )
                labels.append(label)
                scores.append(score)
        except ValueError as error:
            bad.add(f'{place}: {error}')
        except LookupError as error:
            bad.add_missing(f'{place}: {error.args[0]}')
    bad.judge(num_guesses)
    return {x: Observation(x, p, [], s) for x, (p, s) in images.items()}


def _check(
    label: object, score: Any, index: Dict[str, int]
) -> Tuple[int, float]:
    if not isinstance(label, str) or label not in index:
        raise ValueError(f'the data set has no class {label!r:.200}')
    try:
        value = float(score)
    except (TypeError, ValueError):
        value = float('nan')
    if not 0 <= value <= 1:
        raise ValueError(
            f'the score must be in [0, 1], but got {short_value(score)}'
        )
    return index[label], value
