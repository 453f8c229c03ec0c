"""The file of observed labels: a header and a line of JSON an image."""

import json
from typing import Any

from mmwsml.structures import find_label_error
from mmwsml.structures.format_version import (
    FORMAT_VERSION,
    check_format_version,
)
from mmwsml.structures.json_text import parse_json
from mmwsml.structures.short_value import short_value
from mmwsml.structures.whole_file import whole_file

from .class_names import check_names
from .observed_labels import Observation, ObservedLabels
from .text_lines import read_lines

FORMAT = 'mmwsml.observed_labels'


def save_observed_labels(labels: ObservedLabels, path: str) -> None:
    """Write observed labels as text, described in docs/observed-labels.md.

    A header, then a line for each image::

        {"format": "mmwsml.observed_labels", "version": 1, "num_images": 2,
         "classes": ["cat", "dog", "horse"], "made": {"seed": 1200}}
        {"sample_id": "pets/1.jpg", "gt_label": [0], "neg_label": [2]}
        {"sample_id": "pets/2.jpg", "gt_label": [1], "neg_label": []}

    Args:
        labels (ObservedLabels): What is written.
        path (str): The file.
    """
    header = dict(
        format=FORMAT,
        version=FORMAT_VERSION,
        num_images=len(labels),
        classes=labels.classes,
        made=labels.made,
    )
    with whole_file(path) as file:
        file.write(json.dumps(header) + '\n')
        for image in labels:
            file.write(json.dumps(_to_json(image)) + '\n')


def load_observed_labels(path: str) -> ObservedLabels:
    """Read and check a file of :func:`save_observed_labels`.

    Args:
        path (str): The file.

    Returns:
        ObservedLabels: Its labels.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it breaks a rule; the message names file, line, rule
            and remedy.
    """
    lines = read_lines(path)
    header = _read_header(path, next(lines, (1, ''))[1])
    classes, num_images = header['classes'], header['num_images']
    images = (
        _from_json(f'{path}, line {number}', text, len(classes))
        for number, text in lines
    )
    try:
        labels = ObservedLabels(classes, images, header.get('made'))
    except ValueError as error:
        prefix = '' if str(error).startswith(str(path)) else f'{path}: '
        raise ValueError(f'{prefix}{error}') from error
    if len(labels) != num_images:
        raise ValueError(
            f'{path}: the header announces {short_value(num_images)} images, '
            f'but {len(labels)} follow; the file is cut off or was edited: '
            'copy it again, or correct `num_images`.'
        )
    return labels


def _to_json(image: Observation) -> dict:
    line = dict(
        sample_id=image.sample_id,
        gt_label=image.positives,
        neg_label=image.negatives,
    )
    if image.scores is not None:
        line['scores'] = [round(score, 6) for score in image.scores]
    return line


def _read_header(path: str, text: str) -> dict:
    header = _parse(f'{path}, line 1', text)
    if header.get('format') != FORMAT:
        raise ValueError(
            f'{path}, line 1: must be a header with "format": "{FORMAT}", '
            f'but got {text[:60]!r}; make the file with '
            'tools/dataset_converters/observe_labels.py.'
        )
    check_format_version(header.get('version'), f'{path}, line 1')
    place = f'{path}, line 1: "classes"'
    check_names(place, header.get('classes'))
    number, made = header.get('num_images'), header.get('made', {})
    if type(number) is not int:
        raise ValueError(
            f'{path}, line 1: "num_images" must be the number of lines that '
            f'follow, but got {short_value(number)}; correct it.'
        )
    if not isinstance(made, dict):
        raise ValueError(
            f'{path}, line 1: "made" must be an object that says how the '
            f'labels came about, but got {short_value(made)}; correct it.'
        )
    return header


def _parse(place: str, text: str) -> dict:
    try:
        value = parse_json(text)
    except ValueError as error:
        raise ValueError(
            f'{place}: must be a line of JSON, but got {text[:60]!r} '
            f'({error}); the line is cut off or was edited.'
        ) from error
    if not isinstance(value, dict):
        raise ValueError(
            f'{place}: must be a JSON object, but got {text[:60]!r}; write '
            'it as {"sample_id": ...}.'
        )
    return value


def _from_json(place: str, text: str, num_classes: int) -> Observation:
    line = _parse(place, text)
    if not isinstance(line.get('sample_id'), str):
        raise ValueError(
            f'{place}: `sample_id` must be a text, but got '
            f'{short_value(line.get("sample_id"))}; name the image.'
        )
    positives: Any = line.get('gt_label')
    negatives: Any = line.get('neg_label')
    error = find_label_error(positives, negatives, num_classes)
    if error:
        raise ValueError(
            f'{place}: the labels of {line["sample_id"]:.200} are '
            f'wrong: {error}; correct the line.'
        )
    scores = line.get('scores')
    if scores is not None and not _are_scores(
        scores, len(positives) + len(negatives)
    ):
        raise ValueError(
            f'{place}: `scores` must hold a number in [0, 1] for each label, '
            f'but got {short_value(scores)}; correct the line.'
        )
    return Observation(line['sample_id'], positives, negatives, scores)


def _are_scores(scores: object, count: int) -> bool:
    if not isinstance(scores, list) or len(scores) != count:
        return False
    numbers = all(type(score) in (int, float) for score in scores)
    return numbers and all(0 <= score <= 1 for score in scores)
