"""Precision, recall and F1 over observed labels."""

from typing import Dict, Optional, Tuple

import numpy as np

from mmwsml.evaluation.observed_scores import ClassScores
from mmwsml.evaluation.thresholds import read_thresholds
from mmwsml.registry import METRICS
from mmwsml.structures.checks import check_number

from .classwise_metric import ClasswiseMetric


@METRICS.register_module()
class ObservedMultiLabelMetric(ClasswiseMetric):
    """MMPretrain's ``MultiLabelMetric`` that leaves out unobserved labels.

    On complete labels the numbers and their names are those of MMPretrain:
    ``precision``, ``recall`` and ``f1-score`` are means over classes, those
    with ``_micro`` take all classes as one (OP, OR and OF1 of the
    literature). A class with nothing observed, which MMPretrain does not
    have, or with positives alone, of which a model that says "present" gets
    all right, is left out of all of them and named in the log. ``CF1`` is the
    harmonic mean of the mean precision and the mean recall, which the
    literature prints beside OF1. All are in percent; a ratio with nothing
    below the line is 0.

    Args:
        thr (float): A score at or above it says that the class is present.
            Defaults to 0.5.
        thresholds (str, optional): File of a threshold for each class, as
            tools/analysis/calibrate.py writes it, in place of ``thr``.
            Defaults to None.
        prefix (str, optional): Of the metric's name. Defaults to None:
            ``multi-label``.

    Raises:
        ValueError: If ``thr`` is outside [0, 1], or the file is wrong or of
            other classes.
    """

    columns = ('hits', 'predicted', 'positives', 'observed')
    names = (
        'precision',
        'recall',
        'f1-score',
        'CF1',
        'precision_micro',
        'recall_micro',
        'f1-score_micro',
    )

    def __init__(
        self,
        thr: float = 0.5,
        thresholds: Optional[str] = None,
        prefix: Optional[str] = None,
    ) -> None:
        super().__init__(prefix)
        check_number('thr', thr, 0, 1)
        self.thr = thr
        self.source = thresholds or ''
        self.thresholds = (
            None if thresholds is None else read_thresholds(thresholds)
        )

    def evaluate(self, size: int) -> dict:
        """Check that the thresholds are of these classes, and evaluate."""
        if self.thresholds is not None:
            classes = (self.dataset_meta or {}).get('classes', ())
            self.thresholds.check(classes, self.source)
        return super().evaluate(size)

    def measure(self, one: ClassScores) -> Tuple[int, int, int, int]:
        """Count what is at or above the threshold of a class."""
        # Compared as MMPretrain does, in the width of the scores.
        thr = np.float32(self.thr)
        if self.thresholds is not None:
            thr = np.float32(self.thresholds.values[one.label])
        return (
            int((one.positives >= thr).sum()),
            int((one.scores >= thr).sum()),
            len(one.positives),
            len(one.scores),
        )

    def compute_metrics(self, table: Dict[str, np.ndarray]) -> dict:
        """Average over classes, and over all labels.

        Returns:
            dict: ``precision``, ``recall``, ``f1-score`` and ``CF1``, and the
            first three with ``_micro``, in percent.
        """
        kept = self.counted(table['positives'], table['observed'])
        counts = [table[name][kept] for name in self.columns[:3]]
        precision, recall, f1 = (x.mean() for x in _ratios(*counts))
        micro = _ratios(*(count.sum(keepdims=True) for count in counts))
        names = self.names[:3]
        return dict(
            zip(names, (float(precision), float(recall), float(f1))),
            CF1=float(_divide(2 * precision * recall, precision + recall)),
            **{f'{name}_micro': float(x[0]) for name, x in zip(names, micro)},
        )


def _ratios(
    hits: np.ndarray, predicted: np.ndarray, positives: np.ndarray
) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compute precision, recall and F1 in percent."""
    return (
        _divide(100 * hits, predicted),
        _divide(100 * hits, positives),
        _divide(200 * hits, predicted + positives),
    )


def _divide(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return above / np.where(below == 0, 1, below)  # 0 / 0 is 0 here
