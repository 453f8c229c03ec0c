"""Mean average precision of multi-label predictions."""

from typing import List, Optional, Sequence

import numpy as np
from mmengine.evaluator import BaseMetric
from mmengine.logging import MMLogger

from mmwsml.evaluation.functional import average_precision
from mmwsml.registry import METRICS
from mmwsml.structures import dense_labels


@METRICS.register_module()
class MeanAveragePrecision(BaseMetric):
    """Mean over classes of the average precision, in percent (0 to 100).

    Equal to the mean of scikit-learn's ``average_precision_score``; only
    observed (image, class) entries count. A class with nothing observed is
    left out and named in the log. (MMPretrain's ``AveragePrecision`` depends
    on the order of tied scores.)

    Args:
        absent (str): What a class counts that is observed without a positive:
            ``'zero'`` (as published) or ``'skip'``. Defaults to 'zero'.
        collect_device (str): Where ranks collect, 'cpu' or 'gpu'. Defaults to
            'cpu'.
        prefix (str, optional): Of the metric's name. Defaults to None:
            ``multi-label``.

    Raises:
        ValueError: If ``absent`` is unknown.
    """

    default_prefix = 'multi-label'

    def __init__(
        self,
        absent: str = 'zero',
        collect_device: str = 'cpu',
        prefix: Optional[str] = None,
    ) -> None:
        super().__init__(collect_device, prefix)
        if absent not in ('zero', 'skip'):
            raise ValueError(
                f"`absent` must be 'zero' or 'skip', but got {absent!r}."
            )
        self.absent = absent

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Keep scores and labels of a batch on the CPU.

        Args:
            data_batch (dict): Not used.
            data_samples (Sequence[dict]): Each with ``pred_score`` ``(K,)``,
                ``gt_label`` and, when labels are partial, ``neg_label``.
        """
        for sample in data_samples:
            scores = sample['pred_score'].float().cpu().numpy()
            negatives = sample.get('neg_label')
            labels = dense_labels(
                [sample['gt_label'].cpu()],
                None if negatives is None else [negatives.cpu()],
                len(scores),
            )
            self.results.append((scores, *(x[0].numpy() for x in labels)))

    def compute_metrics(self, results: List[tuple]) -> dict:
        """Average over the classes that count; runs on rank 0.

        Returns:
            dict: ``mAP`` in percent.

        Raises:
            ValueError: If no class counts, or a score is not a number.
        """
        if not results:
            raise ValueError(
                'mAP is undefined without an image: check that '
                'the data set is not empty.'
            )
        columns = (np.stack(column) for column in zip(*results))
        scores, target, observed = columns
        broken = np.isnan(scores).any(1).sum()
        if broken:
            raise ValueError(
                f'{broken} of {len(scores)} images have scores that are not '
                'numbers: the training diverged; lower the learning rate.'
            )
        ap = average_precision(scores, target, observed)
        skipped = np.isnan(ap)
        if self.absent == 'skip':
            skipped |= ~target.any(0)
        if skipped.all():
            raise ValueError(
                f'mAP is undefined: of {len(ap)} classes none counts over '
                f'{len(results)} images; evaluate on images with labels.'
            )
        if skipped.any():
            MMLogger.get_current_instance().warning(
                'mAP leaves out the classes '
                f'{np.flatnonzero(skipped).tolist()}: nothing to measure.'
            )
        return dict(mAP=100 * float(ap[~skipped].mean()))
