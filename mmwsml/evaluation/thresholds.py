"""The score from which a class counts as present, class by class."""

import json
import os
from typing import NamedTuple, Sequence, Tuple, Union

import numpy as np

from mmwsml.structures.json_text import parse_json
from mmwsml.structures.whole_file import write_whole


class Thresholds(NamedTuple):
    """One threshold a class: a score at or above it says "present"."""

    #: Names of the K classes.
    classes: Tuple[str, ...]
    #: Float64 ``(K,)``, of scores after the sigmoid.
    values: np.ndarray

    def check(self, classes: Sequence[str], source: str) -> None:
        """Refuse thresholds of other classes.

        Args:
            classes (Sequence[str]): Of the model.
            source (str): Where the thresholds come from, for the message.

        Raises:
            ValueError: If the names or their order differ.
        """
        if tuple(classes) == self.classes:
            return
        given, wanted = set(self.classes), set(classes)
        different = sorted(given ^ wanted)[:3] or 'their order'
        raise ValueError(
            f'{source}: holds thresholds of {len(self.classes)} classes that '
            f'are not the {len(classes)} of the model (different: '
            f'{different}); find them anew with this model.'
        )


def write_thresholds(
    path: str, thresholds: Thresholds, estimated: Sequence[str] = ()
) -> None:
    """Write thresholds as JSON, ``{"classes": [...], "thresholds": [...]}``.

    Args:
        path (str): The file.
        thresholds (Thresholds): What to write.
        estimated (Sequence[str]): Classes whose threshold was found on
            positives alone, which the file says. Defaults to none.
    """
    content = dict(
        classes=list(thresholds.classes),
        thresholds=np.asarray(thresholds.values, float).tolist(),
    )
    if estimated:
        content['estimated_from_positives_alone'] = list(estimated)
    write_whole(path, json.dumps(content, indent=1, ensure_ascii=False))


def read_thresholds(path: str) -> Thresholds:
    """Read what :func:`write_thresholds` wrote.

    Args:
        path (str): The file.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is not such a file, or a threshold is not a
            number in [0, 1].
    """
    try:
        with open(path, 'rb') as file:
            content = parse_json(file.read())
        classes = _take_list(content['classes'], (str,))
        values = np.array(_take_list(content['thresholds'], (int, float)))
        values = values.astype(float)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(
            f'{path}: is not a file of thresholds, {{"classes": [names], '
            '"thresholds": [numbers]}; make one with '
            'tools/analysis/calibrate.py.'
        ) from error
    if values.shape != (len(classes),):
        raise ValueError(
            f'{path}: has {len(classes)} classes, but {values.size} '
            'thresholds; each class needs one.'
        )
    wrong = np.flatnonzero(~((values >= 0) & (values <= 1)))
    if len(wrong):
        raise ValueError(
            f'{path}: the threshold of {classes[wrong[0]]!r:.200} must be in '
            f'[0, 1], but is {values[wrong[0]]}.'
        )
    return Thresholds(classes, values)


def _take_list(values: object, kinds: Tuple[type, ...]) -> tuple:
    """Return the values of a list that holds nothing but these kinds."""
    if not isinstance(values, list):
        raise TypeError('no list')
    if not all(type(value) in kinds for value in values):
        raise TypeError('a list of something else')
    return tuple(values)


def resolve_thresholds(
    given: Union[str, float, Sequence[float], np.ndarray, Thresholds],
    classes: Sequence[str],
) -> np.ndarray:
    """Turn what a user may give into one threshold a class.

    Args:
        given (str | float | Sequence[float] | Thresholds): A file, one number
            for all classes, K numbers, or thresholds.
        classes (Sequence[str]): Names of the K classes.

    Returns:
        ndarray: Float32 ``(K,)`` in [0, 1], as scores are.

    Raises:
        ValueError: If they are of other classes or outside [0, 1].
    """
    source = 'thresholds'
    if isinstance(given, (str, os.PathLike)):
        source, given = str(given), read_thresholds(given)
    if isinstance(given, Thresholds):
        given.check(classes, source)
        given = given.values
    values = np.asarray(given, np.float32)
    if values.shape not in ((), (len(classes),)):
        raise ValueError(
            f'`thresholds` must be one number or one for each of '
            f'{len(classes)} classes, but got {values.size}.'
        )
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError(
            f'`thresholds` must be in [0, 1], but got {values.tolist()}.'
        )
    return np.broadcast_to(values, len(classes))
