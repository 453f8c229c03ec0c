"""Thresholds and calibration of a run, from its result files."""

import csv
from pathlib import Path
from typing import Dict, List, Optional

import numpy as np
from mmengine.logging import MMLogger

from mmwsml.evaluation.calibration import (
    Reliability,
    f1_scores,
    reliability,
)
from mmwsml.evaluation.functional import positives_alone
from mmwsml.evaluation.predictions import Predictions, read_predictions
from mmwsml.evaluation.thresholds import Thresholds, write_thresholds
from mmwsml.structures.overwriting import refuse_to_overwrite
from mmwsml.structures.whole_file import whole_file

from .calibration_plot import plot_reliability
from .partial_calibration import (
    find_thresholds,
    judge_partial,
    list_some,
)

#: Threshold of a class of which nothing can be learnt.
DEFAULT = 0.5
#: Columns of the table, in their order.
FIELDS = ('split', 'from', 'to', 'count', 'mean_score', 'share_of_positives')


def calibrate(
    val_file: str,
    test_file: Optional[str] = None,
    num_bins: int = 15,
    force: bool = False,
) -> str:
    """Find thresholds on the validation split and judge them.

    Writes ``thresholds.json``, ``calibration.csv`` and ``calibration.png``
    beside ``val_file``.

    Args:
        val_file (str): Result file of the validation split.
        test_file (str, optional): Result file of the test split. Defaults to
            None.
        num_bins (int): Bins of the reliability table. Defaults to 15.
        force (bool): Whether to replace the files if they are there. Defaults
            to False.

    Returns:
        str: F1 and calibration error of each split, for a person's eyes.

    Raises:
        FileExistsError: If ``thresholds.json`` or ``calibration.csv`` is
            there.
        FileNotFoundError: If a file is missing.
        ValueError: If a file is no result file, is of the other split, or
            has other classes, or if no class has a positive and an image
            without.
    """
    folder = Path(val_file).expanduser().parent
    names = 'thresholds.json', 'calibration.csv'
    refuse_to_overwrite([folder / name for name in names], force=force)
    parts = {'val': _read(val_file, 'val')}
    if test_file is not None:
        parts['test'] = _read(test_file, 'test')
        _compare(val_file, parts['val'], test_file, parts['test'])
    values, partial = find_thresholds(val_file, parts['val'], DEFAULT)
    tables = {
        split: reliability(part.scores, part.target, part.observed, num_bins)
        for split, part in parts.items()
    }
    thresholds = Thresholds(parts['val'].classes, values)
    alone = np.flatnonzero(~np.isnan(partial.values))
    estimated = [thresholds.classes[k] for k in alone]
    write_thresholds(str(folder / 'thresholds.json'), thresholds, estimated)
    totals = {split: table.total() for split, table in tables.items()}
    write_table(folder / 'calibration.csv', totals)
    plot_reliability(folder / 'calibration.png', totals)
    lines = [
        f'Wrote thresholds.json, calibration.csv and calibration.png to '
        f'{folder}'
    ]
    for split, part in parts.items():
        lines += ['', *_judge(split, part, values, tables[split])]
        lines += judge_partial(part, values, partial)
    return '\n'.join(lines)


def write_table(path: Path, totals: Dict[str, Reliability]) -> None:
    """Write reliability tables as CSV with a head line: ``FIELDS``.

    Args:
        path (Path): The file.
        totals (dict[str, Reliability]): Split -> table of one row. A bin
            without entries has empty cells.
    """
    with whole_file(path, newline='') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(FIELDS)
        for split, total in totals.items():
            num_bins = total.num_entries.shape[1]
            for b, (count, score_sum, hits) in enumerate(
                zip(*(part[0] for part in total))
            ):
                means = ['', '']
                if count:
                    means = [f'{x / count:.6f}' for x in (score_sum, hits)]
                edges = [f'{x / num_bins:.6f}' for x in (b, b + 1)]
                writer.writerow([split, *edges, count, *means])


def _read(path: str, split: str) -> Predictions:
    predictions = read_predictions(path)
    if predictions.split != split:
        remedy = {
            'val': 'thresholds found on what they are tested with promise '
            'too much; take a result of tools/test.py --split val',
            'test': 'take a result of tools/test.py --split test',
        }
        raise ValueError(
            f'{path}: is a result of the {predictions.split} split, but one '
            f'of the {split} split is needed here: {remedy[split]}.'
        )
    return predictions


def _compare(
    val_file: str, val: Predictions, test_file: str, test: Predictions
) -> None:
    """Refuse results of different classes; warn of shared images."""
    if val.classes != test.classes:
        different = sorted(set(val.classes) ^ set(test.classes))[:3]
        raise ValueError(
            f'{test_file}: has {len(test.classes)} classes that are not the '
            f'{len(val.classes)} of {val_file} (different: '
            f'{different or "their order"}); take two results of one model.'
        )
    shared = len(set(val.sample_ids) & set(test.sample_ids))
    if shared:
        MMLogger.get_current_instance().warning(
            f'{shared} of {len(test.sample_ids)} images of {test_file} are '
            f'also in {val_file}: what it says of the test split is too good.'
        )


def _judge(
    split: str, part: Predictions, values: np.ndarray, table: Reliability
) -> List[str]:
    """Say F1 and calibration error of a split, a line each."""
    num_images, num_classes = part.scores.shape
    known = sum(int(part.known(k).sum()) for k in range(num_classes))
    lines = [
        f'{split}: {num_images} images, {num_classes} classes, '
        f'{100 * known / part.scores.size:.1f} % of the labels known'
    ]
    alone = np.flatnonzero(positives_alone(part.target, part.observed))
    if len(alone):
        lines.append(
            f'  Left out: {len(alone)} classes of positives alone, which are '
            f'right whatever the model says: {list_some(part.classes, alone)}'
        )
    plain = np.full(num_classes, DEFAULT)
    for name, thresholds in (
        (f'F1 at {DEFAULT}', plain),
        ('F1 at the thresholds', values),
    ):
        f1 = f1_scores(part.scores, part.target, part.observed, thresholds)
        counted = int((~np.isnan(f1.classes)).sum())
        if not counted:
            lines.append(
                f'  {name}: undefined, no class has a positive and a negative'
            )
            continue
        lines.append(
            f'  {name}: macro {100 * f1.macro:.2f} % (of {counted} classes '
            f'with labels of both kinds), micro {100 * f1.micro:.2f} %'
        )
    if not table.num_entries.any():
        return [*lines, '  Expected calibration error: undefined']
    errors = table.error()
    counted = ~np.isnan(errors)
    lines.append(
        f'  Expected calibration error: {table.total().error()[0]:.2f} %; '
        f'mean of {counted.sum()} classes {errors[counted].mean():.2f} %'
    )
    return lines
