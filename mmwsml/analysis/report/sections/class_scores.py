"""Average precision of each class."""

from typing import Optional

import numpy as np

from mmwsml.analysis.insights import NotRecordedError
from mmwsml.evaluation.functional import average_precision, positives_alone
from mmwsml.evaluation.positive_unlabeled import positive_unlabeled
from mmwsml.evaluation.predictions import Predictions

from ..data_table import Column, DataTable, finite
from ..markup import Markup
from ..run import FOLDER, Run

HOW = (
    'run the report with `--evaluate test`, or tools/test.py CONFIG '
    'CHECKPOINT --out {path}'
)


def write_class_scores(run: Run, base: Optional[Run]) -> Markup:
    """Write a table for each split that was evaluated."""
    if not run.predictions:
        how = HOW.format(path=run.folder / FOLDER / 'test.npz')
        raise NotRecordedError(
            f'The scores of {run.name} are not there: {how}.'
        )
    return Markup('').join(
        _write_split(run, split, result)
        for split, result in run.predictions.items()
    )


def _write_split(run: Run, split: str, result: Predictions) -> Markup:
    precision = average_precision(
        result.scores, result.target, result.observed
    )
    positives = result.target
    if result.observed is not None:
        positives = positives & result.observed
    counts = positives.sum(0)
    columns = (
        Column('class', filter='text'),
        Column('positives', 'number'),
        Column('AP, %', 'number', 'least', digits=1),
    )
    order = np.argsort(-np.nan_to_num(precision, nan=-1), kind='stable')
    rows = [
        (result.classes[k], int(counts[k]), finite(100 * precision[k]))
        for k in order
    ]
    measured = precision[~np.isnan(precision)]
    mean = f'{100 * measured.mean():.2f} %' if len(measured) else 'undefined'
    title = (
        f'{split}: mAP {mean}, the mean over {len(measured):,} classes, of '
        f'{len(result.scores):,} images'
    )
    if len(measured) < len(rows):
        title += (
            f'; {len(rows) - len(measured):,} classes without a value, of '
            'which nothing or positives alone are observed'
        )
    if positives_alone(result.target, result.observed).any():
        found = positive_unlabeled(result.scores, positives)
        title += (
            '. Of positives against all else, which is no mAP: pu_mAP '
            f'{100 * np.nanmean(found.ap):.2f} %, pu_AUC '
            f'{100 * np.nanmean(found.auc):.2f} %'
        )
    table = DataTable(
        f'{run.identity}-classes-{split}',
        title,
        columns,
        rows,
        f'{run.name}-classes-{split}.csv',
    )
    return Markup('<h4>{}</h4>').format(title) + table.write()
