"""The best and the worst images of each class on a sheet."""

import difflib
import re
from pathlib import Path
from typing import List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from mmwsml.evaluation.functional import average_precision
from mmwsml.evaluation.predictions import Predictions
from mmwsml.structures.checks import check_number

from .sheet_drawing import Row, Tile, draw_sheet

#: Classes that get a sheet unless they are named.
MAX_CLASSES = 100


class SheetReport(NamedTuple):
    """What :func:`write_sheets` did."""

    paths: List[Path]
    #: Images that could not be read, each once.
    missing: List[str]
    #: Classes that got no sheet though none was named.
    num_left_out: int

    def __str__(self) -> str:
        """Say it in a sentence a line."""
        lines = [f'Wrote {len(self.paths)} sheets to {self.paths[0].parent}.']
        if self.num_left_out:
            lines.append(
                f'They are of the first {len(self.paths)} classes: name the '
                f'classes to see any of the other {self.num_left_out}.'
            )
        if self.missing:
            lines.append(
                f'{len(self.missing)} images could not be read, the first '
                f'{self.missing[0]}: if they were moved, name their folder '
                'with tools/analysis/show_predictions.py --images.'
            )
        return '\n'.join(lines)


def write_sheets(
    predictions: Predictions,
    folder: str,
    named: Optional[Sequence[str]] = None,
    num: int = 5,
    images: Optional[str] = None,
) -> SheetReport:
    """Draw a sheet for each class.

    Its rows: images with the class of the highest and of the lowest score,
    images without it of the highest score, and, where labels are partial,
    images of which nobody knows.

    Args:
        predictions (Predictions): What a result file holds.
        folder (str): Where the sheets go, ``0003_name-of-class.jpg``.
        named (Sequence[str], optional): Names of the classes. Defaults to
            None, the first 100.
        num (int): Images a row, 1 to 50. Defaults to 5.
        images (str, optional): Folder that the images have been moved to; a
            file is looked for there by its ``sample_id`` without the
            namespace. Defaults to None, where they were evaluated.

    Returns:
        SheetReport: The files, and which images could not be read.

    Raises:
        ValueError: If there is no class of a name, or ``num`` is out of its
            range.
    """
    check_number('num', num, 1, 50)
    labels = choose_classes(predictions.classes, named)
    Path(folder).mkdir(parents=True, exist_ok=True)
    paths, missing = [], {}
    for label in labels:
        rows = [
            Row(title, [_tile(predictions, n, label, images) for n in chosen])
            for title, chosen in choose_images(predictions, label, num)
        ]
        name = predictions.classes[label]
        path = Path(folder, sheet_name(label, name))
        unread = draw_sheet(path, name, _sum_up(predictions, label), rows, num)
        missing.update(dict.fromkeys(unread))
        paths.append(path)
    left_out = 0 if named else len(predictions.classes) - len(labels)
    return SheetReport(paths, list(missing), left_out)


def choose_classes(
    classes: Sequence[str], named: Optional[Sequence[str]] = None
) -> List[int]:
    """Return the indices of the named classes, or of the first 100.

    Raises:
        ValueError: If there is no class of a name.
    """
    if not named:
        return list(range(min(len(classes), MAX_CLASSES)))
    for name in named:
        if name not in classes:
            close = difflib.get_close_matches(name, classes, 3, 0)
            raise ValueError(
                f'There is no class {name!r} among {len(classes)}; the most '
                f'alike are {close}.'
            )
    return [k for k, name in enumerate(classes) if name in set(named)]


def choose_images(
    predictions: Predictions, label: int, num: int
) -> List[Tuple[str, List[int]]]:
    """Choose the best and the worst images of a class.

    Args:
        predictions (Predictions): What a result file holds.
        label (int): The class.
        num (int): Images a row at most.

    Returns:
        list[tuple]: Title and images of each row; equal scores stand in the
        order of the file. Labels that nobody knows have a row of their own,
        unless there are none.
    """
    known = predictions.known(label)
    present = predictions.target[:, label] & known
    scores = predictions.scores[:, label]

    def extreme(mask: np.ndarray, sign: int) -> List[int]:
        rows = np.flatnonzero(mask)
        order = np.argsort(sign * scores[rows], kind='stable')
        return rows[order[:num]].tolist()

    rows = [
        ('Present, highest scores', extreme(present, -1)),
        ('Present, lowest scores: missed', extreme(present, 1)),
        (
            'Absent, highest scores: false alarms',
            extreme(known & ~present, -1),
        ),
    ]
    if not known.all():
        title = 'Unobserved, highest scores: nobody knows if it is present'
        rows.append((title, extreme(~known, -1)))
    return rows


def sheet_name(label: int, name: str) -> str:
    """Name the file of a class: unique, and safe on every file system."""
    safe = re.sub(r'[^\w-]+', '_', name)[:40]  # letters of any script
    return f'{label:04d}_{safe}.jpg'


def _tile(
    predictions: Predictions, n: int, label: int, images: Optional[str]
) -> Tile:
    path = predictions.img_paths[n]
    if images is not None:
        relative = predictions.sample_ids[n].partition('/')[2]
        path = str(Path(images, relative))
    return Tile(path, float(predictions.scores[n, label]))


def _sum_up(predictions: Predictions, label: int) -> str:
    known = predictions.known(label)
    target = predictions.target[known, label]
    parts = [f'{target.sum()} present', f'{(~target).sum()} absent']
    if not known.all():
        parts.append(f'{(~known).sum()} unobserved')
    if target.any() and not target.all():
        scores = predictions.scores[known, label]
        ap = average_precision(scores[:, None], target[:, None], None)[0]
        parts.append(f'average precision {100 * ap:.1f} %')
    return ', '.join(parts)
