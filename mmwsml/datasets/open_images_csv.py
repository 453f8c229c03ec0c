"""The CSV files of Open Images that have a line an image or a label."""

import csv
import re
from array import array
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Dict, Iterator, List, NamedTuple, Optional

import numpy as np
import rich.progress

from mmwsml.structures.short_value import short_value

from .open_images_report import BAD_LINES, Report

if TYPE_CHECKING:
    from _csv import Reader

COLUMNS = ['ImageID', 'Source', 'LabelName', 'Confidence']
#: Confidence -> the lowest bit of a code.
NEGATIVE = {'1': 0, '0': 1}
_ID_RULE = 'an image id must be 16 hexadecimal digits in lower case'
_is_image_id = re.compile('[0-9a-f]{16}').fullmatch


class LabelLines(NamedTuple):
    """The lines of annotations-human.csv; neighbours of one image are a run.

    A line's code is its class times 2, plus 1 where the class is absent.
    """

    #: The image of each run, uint64 ``(R,)``.
    ids: np.ndarray
    #: The number of its lines, int64 ``(R,)``.
    lengths: np.ndarray
    #: The lines, uint32 ``(M,)``.
    codes: np.ndarray


def read_image_ids(path: Path, report: Report) -> np.ndarray:
    """Read the first column of images.csv.

    Returns:
        ndarray: The ids, uint64 ``(N,)``, ascending.

    Raises:
        ValueError: If an id is malformed or listed twice, or, whatever is
            skipped, more than a tenth of the lines are malformed.
    """
    ids = array('Q')
    with _rows(path) as rows:
        _check_header(path, rows, COLUMNS[:1])
        for row in rows:
            if row and _is_image_id(row[0]):
                ids.append(int(row[0], 16))
            elif row:
                error = f'{_ID_RULE}, but got {row[0]!r:.60}'
                _report_line(path, rows, error, report)
        report.judge_lines(path, rows.line_num)
    if not ids:
        raise ValueError(f'{path} lists no image; download the file again.')
    unique, counts = np.unique(
        np.frombuffer(ids, np.uint64), return_counts=True
    )
    if len(unique) < len(ids):
        report.bad(
            f'images twice in {path.name}',
            f'{path}: an image must have one line, but '
            f'{unique[counts.argmax()]:016x} has {counts.max()}; remove one',
            len(ids) - len(unique),
        )
    return unique


def read_labels(
    path: Path, class_of: Dict[str, int], report: Report
) -> LabelLines:
    """Read annotations-human.csv; the lines may be in any order.

    Lines of other classes are left out and counted.

    Args:
        path (Path): The file.
        class_of (dict[str, int]): Label name -> class.
        report (Report): Counts what is left out.

    Raises:
        ValueError: If a line is malformed, or, whatever is skipped, more
            than a tenth of them are.
    """
    ids, starts, codes = array('Q'), array('q'), array('I')
    others: Counter = Counter()
    last = None
    with _rows(path) as rows:
        _check_header(path, rows, COLUMNS)
        for row in rows:
            try:  # a good line costs no test that it does not need
                image, _, label, confidence = row
                negative = NEGATIVE[confidence]
                if image != last:
                    if not _is_image_id(image):
                        raise ValueError
                    ids.append(int(image, 16))
                    starts.append(len(codes))
                    last = image
                codes.append(class_of[label] << 1 | negative)
            except (ValueError, KeyError):
                error = _find_line_error(row)
                if error:
                    _report_line(path, rows, error, report)
                elif row:
                    others[label] += 1
        report.judge_lines(path, rows.line_num)
    report['classes that are not trainable'] = len(others)
    report['lines of such classes, left out'] = sum(others.values())
    starts.append(len(codes))
    return LabelLines(
        np.frombuffer(ids, np.uint64),
        np.diff(np.frombuffer(starts, np.int64)),
        np.frombuffer(codes, np.uint32),
    )


def _find_line_error(row: List[str]) -> Optional[str]:
    """Say which rule a line breaks, if any; an empty line breaks none."""
    if not row:
        return None
    if len(row) != len(COLUMNS):
        got = short_value(row)
        return f'a line must have the columns {COLUMNS}, but got {got}'
    image, _, label, confidence = row
    if not _is_image_id(image):
        return f'{_ID_RULE}, but got {image!r:.60}'
    if confidence not in NEGATIVE:
        return (
            f'the confidence of a human must be 1 or 0, got {confidence!r:.60}'
        )
    if not label.startswith('/'):
        return f'a label name must begin with /, but got {label!r:.60}'
    return None


def _report_line(
    path: Path, rows: 'Reader', error: str, report: Report
) -> None:
    report.bad(
        BAD_LINES.format(path.name),
        f'{path}, line {rows.line_num}: {error}; correct the line or download '
        'the file again',
    )


def _check_header(path: Path, rows: 'Reader', expected: List[str]) -> None:
    header = next(rows, [])
    if header[: len(expected)] != expected:
        raise ValueError(
            f'{path}, line 1: the header must begin with {expected}, but got '
            f'{short_value(header)}; is it the file of another kind of '
            'annotations?'
        )


@contextmanager
def _rows(path: Path) -> Iterator['Reader']:
    """Read a CSV with a progress bar."""
    # What counts is ASCII; titles, in whatever encoding, are not looked at.
    with rich.progress.open(
        path, 'r', encoding='latin-1', newline='', description=path.name
    ) as text:
        rows = csv.reader(text)
        try:
            yield rows
        except csv.Error as error:
            raise ValueError(
                f'{path}, line {rows.line_num}: {error}; correct the line or '
                'download the file again.'
            ) from error
