"""Average precision and AUC where only positives are observed."""

from typing import Dict, Sequence, Tuple

import numpy as np

from mmwsml.evaluation.functional import average_precision_of_class
from mmwsml.evaluation.observed_scores import ClassScores
from mmwsml.evaluation.one_sided import measure_one_sided
from mmwsml.evaluation.positive_unlabeled import FEW, roc_auc_of_class
from mmwsml.registry import METRICS

from .classwise_metric import ClasswiseMetric


@METRICS.register_module()
class PositiveUnlabeledMetric(ClasswiseMetric):
    """``pu_mAP`` and ``pu_AUC``: what is unobserved counts as absent.

    In percent, the means over the classes with an observed positive. They
    tell models apart and are not the mAP: do not compare them with one.

    Where the chance c of a positive to be observed depends on its class alone
    ("selected completely at random", SCAR), observed positives are a fair
    sample of all. Of a class of frequency p, in the limit of many images:

    - average precision is the mean over positives of the precision at their
      score. Observed ones give the same mean of a precision that is c times
      the true one: ``pu_AP = c * AP``.
    - the unobserved are a mixture that holds a share
      ``a = p * (1 - c) / (1 - p * c)`` of positives, each of which loses
      against an observed one half of the time:
      ``pu_AUC = (1 - a) * AUC + a / 2``.

    So the order of models is kept class by class, and the best epoch of a
    class is its best epoch. The mean over classes keeps the order where c and
    p are equal in all classes; else it weighs them by c and by 1 - a. Few
    positives add chance: what two models differ by must exceed it.

    Where the condition is broken nothing of this is promised. **One label an
    image** breaks it: a positive that stands alone is always shown, one of
    four in a quarter of the images, so that models are judged on the lonely
    ones, and a hidden positive beside a shown one counts as a false alarm.
    **Biased observation** breaks it: if annotators see large or frequent
    things, the model wins that finds these. docs/evaluation.md has what this
    costs in practice. ``pu_one_sided`` tells one such choice from a fair one:
    of two classes that an image may have, how often the same one is shown
    (:func:`~mmwsml.evaluation.one_sided.measure_one_sided`, in percent).

    Sources: `Learning Classifiers from Only Positive and Unlabeled Data
    <https://doi.org/10.1145/1401890.1401920>`_ (KDD 2008) for the condition;
    `Learning from Corrupted Binary Labels via Class-Probability Estimation
    <https://proceedings.mlr.press/v37/menon15.html>`_ (ICML 2015) for AUC;
    `Learning from Positive and Unlabeled Data: A Survey
    <https://doi.org/10.1007/s10994-020-05877-5>`_ (2020).

    Args:
        prefix (str, optional): Of the metric's name. Defaults to None:
            ``multi-label``.
    """

    columns = ('ap', 'auc', 'positives', 'observed', 'limit')
    names = ('pu_mAP', 'pu_AUC')

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Keep scores of all classes; negatives are not looked at.

        Args:
            data_batch (dict): Not used.
            data_samples (Sequence[dict]): Each with ``pred_score`` ``(K,)``
                and ``gt_label``.
        """
        super().process(
            data_batch, [{**one, 'neg_label': None} for one in data_samples]
        )

    def measure(self, one: ClassScores) -> Tuple[float, ...]:
        """Rank the positives of one class against all other images."""
        ap = average_precision_of_class(one.scores, one.positives)
        auc = roc_auc_of_class(one.scores, one.positives)
        shown = one.positives
        limit = np.median(shown) if len(shown) else np.nan
        return ap, auc, len(shown), len(one.scores), float(limit)

    def measure_images(
        self, num_images: int, table: Dict[str, np.ndarray]
    ) -> dict:
        """Measure how one-sided the choice of labels is.

        Args:
            num_images (int): Of this process, that count.
            table (dict[str, ndarray]): The numbers of the classes.

        Returns:
            dict: ``pu_one_sided`` in percent, where images tell.
        """
        images = self.results.complete_images(num_images)
        share = measure_one_sided(images, table['limit'])
        return {} if np.isnan(share) else dict(pu_one_sided=100 * share)

    def examine(self, positives: np.ndarray, observed: np.ndarray) -> None:
        """Name the classes without a positive, and those with few.

        Args:
            positives (ndarray): Observed positives of each class, ``(K,)``.
            observed (ndarray): Not looked at.

        Raises:
            ValueError: If no class has a positive.
        """
        name, none = type(self).__name__, positives == 0
        if none.all():
            raise ValueError(
                f'{name} is undefined: of {len(none)} classes none has an '
                'observed positive; evaluate on images with labels.'
            )
        if none.any():
            self.say_once(
                f'{name} leaves out {none.sum()} of {len(none)} classes '
                f'without an observed positive ({self.list_classes(none)}).'
            )
        few = ~none & (positives < FEW)
        if few.any():
            self.say_once(
                f'{name}: {few.sum()} of {len(few)} classes have fewer than '
                f'{FEW} observed positives ({self.list_classes(few)}), so '
                'that their part is mostly chance.'
            )

    def compute_metrics(self, table: Dict[str, np.ndarray]) -> dict:
        """Average over the classes that count.

        Returns:
            dict: ``pu_mAP`` and ``pu_AUC`` in percent, and
            ``pu_classes_left_out`` where there are any.

        Raises:
            ValueError: If every class is positive in all images, or in none.
        """
        counted = ~np.isnan(table['auc'])
        if not counted.any():
            raise ValueError(
                f'{type(self).__name__} is undefined: each of '
                f'{len(counted)} classes is positive in all images or in '
                'none, so that nothing is ranked; evaluate on other images.'
            )
        everywhere = table['positives'] == table['observed']
        if everywhere.any():
            self.say_once(
                f'{type(self).__name__} leaves out {everywhere.sum()} classes '
                'that are positive in all images '
                f'({self.list_classes(everywhere)}).'
            )
        metrics = dict(
            pu_mAP=float(100 * table['ap'][counted].mean()),
            pu_AUC=float(100 * table['auc'][counted].mean()),
        )
        if not counted.all():
            metrics['pu_classes_left_out'] = int((~counted).sum())
        return metrics
