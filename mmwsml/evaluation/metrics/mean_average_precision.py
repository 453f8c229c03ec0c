"""Mean average precision of multi-label predictions."""

import os
from typing import Any, Dict, Iterator, Optional, Sequence, Tuple

import numpy as np
from mmengine.logging import MMLogger

from mmwsml.evaluation.class_groups import group_classes, read_class_counts
from mmwsml.evaluation.functional import average_precision_of_class
from mmwsml.evaluation.observed_scores import ClassScores
from mmwsml.registry import METRICS
from mmwsml.structures.checks import check_choice, check_integer

from .classwise_metric import POSITIVES, ClasswiseMetric

#: Why a class counts 0, or not.
NEGATIVES = 'observed without a positive'


@METRICS.register_module()
class MeanAveragePrecision(ClasswiseMetric):
    """Mean over classes of the average precision, in percent (0 to 100).

    Equal to the mean of scikit-learn's ``average_precision_score``; only
    observed (image, class) entries count. A class with nothing observed, or
    with positives alone, is left out and named in the log. (MMPretrain's
    ``AveragePrecision`` depends on the order of tied scores.)

    With ``groups=5`` and the training set's counts, G1 (rarest) to G5 are the
    groups of the paper's OpenImages table: `Large Loss Matters
    <https://arxiv.org/abs/2206.03740>`_ (CVPR 2022), section 4.

    Args:
        absent (str): What a class counts that is observed without a positive:
            ``'zero'`` (as published; the log names such classes and the mAP
            that can be reached) or ``'skip'``. Defaults to 'zero'.
        classwise (bool): Log a table of all classes, and return
            ``AP_classwise``, a list of K numbers in percent, None for a class
            left out. Defaults to False.
        groups (int, optional): Number of groups of classes, by their counts.
            Defaults to None: no groups.
        counts_file (str, optional): CSV of the counts of the training labels,
            as :func:`read_class_counts` reads it. Goes with ``groups``.
        prefix (str, optional): Of the metric's name. Defaults to None:
            ``multi-label``.
        positives_only (str): Whether a class of positives alone is left out,
            ``'skip'``, or counts 100, ``'one'`` (as published for Open
            Images; the log names such classes). Defaults to 'skip'.

    Raises:
        ValueError: If ``absent``, ``positives_only`` or ``groups`` is wrong,
            or one of ``groups`` and ``counts_file`` is missing.
        FileNotFoundError: If ``counts_file`` does not exist.
    """

    columns = ('ap', 'positives', 'observed')

    def __init__(
        self,
        absent: str = 'zero',
        classwise: bool = False,
        groups: Optional[int] = None,
        counts_file: Optional[str] = None,
        prefix: Optional[str] = None,
        positives_only: str = 'skip',
    ) -> None:
        super().__init__(prefix)
        check_choice('absent', absent, ('zero', 'skip'))
        check_choice('positives_only', positives_only, ('skip', 'one'))
        if (groups is None) != (counts_file is None):
            raise ValueError(
                '`groups` and `counts_file` go together, but got '
                f'groups={groups!r} and counts_file={counts_file!r}.'
            )
        if groups is not None:
            check_integer('groups', groups, 1)
        if counts_file is not None and not os.path.isfile(counts_file):
            raise FileNotFoundError(
                f'`counts_file` {counts_file} does not exist: check its path, '
                'or set groups=None and counts_file=None.'
            )
        self.absent = absent
        self.positives_only = positives_only
        self.classwise = classwise
        self.groups = groups
        self.counts_file = counts_file
        numbers = range(1, 1 + (groups or 0))
        self.names = ('mAP', *(f'mAP_G{number}' for number in numbers))

    def measure(self, one: ClassScores) -> Tuple[float, int, int]:
        """Compute the average precision of one class."""
        ap = average_precision_of_class(one.scores, one.positives)
        return ap, len(one.positives), len(one.scores)

    def compute_metrics(self, table: Dict[str, np.ndarray]) -> dict:
        """Average over the classes that count.

        Returns:
            dict: ``mAP`` in percent, ``classes_left_out`` where there are
            any, ``mAP_G1`` and on where there are groups, and
            ``AP_classwise``.
        """
        ap = 100 * table['ap']
        counts = table['positives'], table['observed']
        if self.positives_only == 'one':
            ap[super().left_out(*counts)[POSITIVES]] = 100
        left_out = ~self.counted(*counts)
        ap[left_out] = np.nan
        metrics: Dict[str, Any] = dict(mAP=float(np.nanmean(ap)))
        if left_out.any():
            metrics['classes_left_out'] = int(left_out.sum())
        metrics.update(self._average_groups(ap))
        if self.classwise:
            self._log_classes(ap, table)
            metrics['AP_classwise'] = [
                None if np.isnan(value) else value for value in ap.tolist()
            ]
        return metrics

    def left_out(
        self, positives: np.ndarray, observed: np.ndarray
    ) -> Dict[str, np.ndarray]:
        """Tell which classes do not count, and why."""
        reasons = super().left_out(positives, observed)
        if self.positives_only == 'one':
            del reasons[POSITIVES]
        if self.absent == 'skip':
            reasons[NEGATIVES] = (observed > 0) & (positives == 0)
        return reasons

    def examine(self, positives: np.ndarray, observed: np.ndarray) -> None:
        """Name, too, the classes whose value no model can change.

        Raises:
            ValueError: If no class has a positive and a negative.
        """
        super().examine(positives, observed)
        counted = self.counted(positives, observed)
        alone = counted & (positives == observed)
        if alone.any():
            self.say_once(
                f'mAP counts 100 for {alone.sum()} of {len(alone)} classes '
                f'{POSITIVES} ({self.list_classes(alone)}).'
            )
        absent = counted & (positives == 0)
        if absent.any():
            best = 100 * (1 - absent.sum() / counted.sum())
            self.say_once(
                f'mAP counts 0 for {absent.sum()} of {len(absent)} classes '
                f'{NEGATIVES} ({self.list_classes(absent)}), so that it '
                f"reaches {best:.1f} at most; absent='skip' leaves them out."
            )

    def _average_groups(self, ap: np.ndarray) -> Iterator[Tuple[str, float]]:
        """Average each group over its classes that count."""
        if self.groups is None or self.counts_file is None:
            return
        if self.groups > len(ap):
            raise ValueError(
                f'`groups` must be at most the number of classes, {len(ap)}, '
                f'but got {self.groups}.'
            )
        counts = read_class_counts(self.counts_file, self._names(), len(ap))
        groups = group_classes(counts, self.groups)
        for number, members in enumerate(groups, 1):
            counted = ap[members][~np.isnan(ap[members])]
            if len(counted):
                yield f'mAP_G{number}', float(counted.mean())
            else:
                self.say_once(
                    f'mAP_G{number} is left out: nothing to measure in any '
                    f'of its {len(members)} classes.'
                )

    def _log_classes(
        self, ap: np.ndarray, table: Dict[str, np.ndarray]
    ) -> None:
        names = self._names() or [str(index) for index in range(len(ap))]
        width = max(len(name) for name in names)
        lines = [f'{"class":{width}}     AP  positives  observed']
        for name, *numbers in zip(
            names, ap, *(table[name] for name in self.columns[1:])
        ):
            cells = '{:7.2f}{:11.0f}{:10.0f}'.format(*numbers)
            lines.append(f'{name:{width}}{cells}')
        MMLogger.get_current_instance().info('\n'.join(lines))

    def _names(self) -> Sequence[str]:
        """Name the classes, where the data set does."""
        return (self.dataset_meta or {}).get('classes') or ()
