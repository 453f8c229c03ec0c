"""Predictions of all images in one file, for every later analysis."""

from typing import List, NamedTuple, Optional, Sequence

import numpy as np
from mmengine.evaluator import BaseMetric
from mmengine.logging import MMLogger

from mmwsml.evaluation.predictions import Predictions, write_predictions
from mmwsml.registry import METRICS


class _Result(NamedTuple):
    """One image, small enough to travel between processes."""

    scores: np.ndarray  # float32 (K,)
    positives: np.ndarray  # int (P,)
    negatives: Optional[np.ndarray]  # int (Q,), None: all others
    img_path: str
    sample_id: str


@METRICS.register_module()
class DumpPredictions(BaseMetric):
    """Write a result file; see :func:`mmwsml.evaluation.write_predictions`.

    The images of all ranks stand in it once, in the order of the data set.
    It measures nothing itself.

    Args:
        out_file (str): The file, ``.npz``.
        split (str): 'val' or 'test', what the images are. Thresholds are
            only found on 'val'. Defaults to 'test'.
        collect_device (str): Where ranks collect, 'cpu' or 'gpu'. Defaults to
            'cpu'.

    Raises:
        ValueError: If ``out_file`` is not named ``.npz``.
    """

    def __init__(
        self,
        out_file: str,
        split: str = 'test',
        collect_device: str = 'cpu',
    ) -> None:
        super().__init__(collect_device)
        if not out_file.endswith('.npz'):
            raise ValueError(
                f'`out_file` must end with .npz, but got {out_file!r}.'
            )
        self.out_file = out_file
        self.split = split

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Keep scores, labels and names of a batch on the CPU.

        Args:
            data_batch (dict): Not used.
            data_samples (Sequence[dict]): Each with ``pred_score`` ``(K,)``,
                ``gt_label``, ``img_path`` and, where there are any,
                ``neg_label`` and ``sample_id``.

        Raises:
            KeyError: If one of the first three is missing.
        """
        for sample in data_samples:
            missing = {'pred_score', 'gt_label', 'img_path'} - set(sample)
            if missing:
                raise KeyError(
                    f'A result file needs {sorted(missing)} of each image, '
                    'which the sample lacks: let the pipeline pack it.'
                )
            path = sample['img_path']
            negatives = sample.get('neg_label')
            self.results.append(
                _Result(
                    sample['pred_score'].float().cpu().numpy(),
                    sample['gt_label'].cpu().numpy(),
                    None if negatives is None else negatives.cpu().numpy(),
                    path,
                    sample.get('sample_id', path),
                )
            )

    def compute_metrics(self, results: List[_Result]) -> dict:
        """Write the file; runs on rank 0.

        Returns:
            dict: Empty.

        Raises:
            ValueError: If there is no image, the data set names another
                number of classes than there are scores, an image came twice
                or a score is not a number.
        """
        if not results:
            raise ValueError(
                f'{self.out_file}: not written, no image was evaluated; '
                'check that the data set is not empty.'
            )
        # MMEngine makes plain tuples of them on the way to the CPU.
        predictions = self._stack([_Result(*x) for x in results])
        write_predictions(self.out_file, predictions)
        num_images, num_classes = predictions.scores.shape
        MMLogger.get_current_instance().info(
            f'{self.out_file}: {num_images} images by {num_classes} classes.'
        )
        return {}

    def _stack(self, results: List[_Result]) -> Predictions:
        num_classes = len(results[0].scores)
        names = (self.dataset_meta or {}).get('classes')
        if names is None:
            names = range(num_classes)  # the data set has no names
        shape = len(results), num_classes
        scores = np.empty(shape, np.float32)
        target = np.zeros(shape, bool)
        partial = any(x.negatives is not None for x in results)
        observed = np.zeros(shape, bool) if partial else None
        for n, result in enumerate(results):
            scores[n] = result.scores
            target[n, result.positives] = True
            if observed is not None:
                is_complete = result.negatives is None
                observed[
                    n, slice(None) if is_complete else result.negatives
                ] = 1
                observed[n, result.positives] = True
        return Predictions(
            scores,
            target,
            observed,
            [str(x.img_path) for x in results],
            [x.sample_id for x in results],
            tuple(str(name) for name in names),
            self.split,
        )
