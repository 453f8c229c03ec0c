"""Positives that a model guessed elsewhere, with scores."""

from typing import Dict, List, Sequence, Tuple

from mmwsml.label_files.csv_rows import read_rows
from mmwsml.label_files.observed_labels import Observation
from mmwsml.structures.short_value import short_value

from .bad_entries import BadEntries
from .image_finder import ImageFinder

#: First line of the file.
COLUMNS = ['image', 'class', 'score']


def read_guesses(
    path: str, finder: ImageFinder, classes: Sequence[str], bad: BadEntries
) -> Dict[str, Observation]:
    """Read positives that a model guessed, a CSV of image, class, score.

    Args:
        path (str): The file; its first line is ``image,class,score``. A class
            is a name; a score is the probability that it is present, in
            [0, 1].
        finder (ImageFinder): Knows the images.
        classes (Sequence[str]): Names of the K classes.
        bad (BadEntries): Takes the lines that break a rule.

    Returns:
        dict[str, Observation]: The guessed positives of each image.

    Raises:
        ValueError: If the first line is another, or a quote is not closed.
    """
    rows = read_rows(path)
    header = next(rows).cells
    if header != COLUMNS:
        raise ValueError(
            f'{path}, line 1: must be {",".join(COLUMNS)}, but got '
            f'{short_value(header)}; name the columns.'
        )
    index = {name: label for label, name in enumerate(classes)}
    images: Dict[str, Tuple[List[int], List[float]]] = {}
    num_rows = 0
    for number, _, cells in rows:
        num_rows += 1
        try:
            name, label, score = _parse_guess(cells, index)
            positives, scores = images.setdefault(finder.find(name), ([], []))
            if label in positives:
                raise ValueError(f'{name!r} has {cells[1]!r} twice')
            positives.append(label)
            scores.append(score)
        except ValueError as error:
            bad.add(f'{path}, line {number}: {error}')
        except LookupError as error:
            bad.add_missing(f'{path}, line {number}: {error.args[0]}')
    bad.judge(num_rows)
    return {x: Observation(x, p, [], s) for x, (p, s) in images.items()}


def _parse_guess(
    row: Sequence[str], index: Dict[str, int]
) -> Tuple[str, int, float]:
    if len(row) != len(COLUMNS):
        raise ValueError(f'must have {len(COLUMNS)} columns, but got {row!r}')
    name, label, score = (cell.strip() for cell in row)
    if label not in index:
        raise ValueError(f'the data set has no class {label!r}')
    try:
        value = float(score)
    except ValueError:
        value = float('nan')
    if not 0 <= value <= 1:
        raise ValueError(f'the score must be in [0, 1], but got {score!r}')
    return name, index[label], value
