"""What the metrics share that look at one class after the other."""

from abc import abstractmethod
from typing import Dict, Optional, Sequence, Set, Tuple

import numpy as np
import torch
from mmengine.evaluator import BaseMetric
from mmengine.logging import MMLogger

from mmwsml.evaluation.observed_scores import ClassScores, ObservedScores
from mmwsml.structures.processes import gather_array

#: Why a class does not count.
NOTHING = 'with nothing observed'
POSITIVES = 'of positives alone, which are right whatever the model says'


class ClasswiseMetric(BaseMetric):
    """Base of metrics that are numbers of each class, summed up.

    Scores of observed entries are kept as float32, on the CPU. The classes
    are dealt out to the processes, and each image counts once.

    Args:
        prefix (str, optional): Of the metric's name. Defaults to None:
            ``multi-label``.
    """

    #: Names of the numbers of a class; `positives` and `observed` are two.
    columns: Tuple[str, ...]
    #: Names of the numbers that come out, without the prefix.
    names: Tuple[str, ...]
    default_prefix = 'multi-label'

    def __init__(self, prefix: Optional[str] = None) -> None:
        super().__init__(prefix=prefix)
        self.results = ObservedScores()
        self._said: Set[str] = set()

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Keep scores of a batch where labels are observed.

        Args:
            data_batch (dict): Not used.
            data_samples (Sequence[dict]): Each with ``pred_score``, float of
                any width ``(K,)``, ``gt_label`` and, when labels are partial,
                ``neg_label``.

        Raises:
            KeyError: If a sample has no ``gt_label``.
        """
        for sample in data_samples:
            if 'gt_label' not in sample:
                raise KeyError(
                    f'The image {sample.get("img_path", "?")} has no '
                    '`gt_label` to measure against: evaluate on a data set '
                    'with labels.'
                )
        scores = torch.stack([sample['pred_score'] for sample in data_samples])
        self.results.add(
            scores.float().cpu().numpy(),
            [sample['gt_label'].cpu().numpy() for sample in data_samples],
            [
                None if labels is None else labels.cpu().numpy()
                for labels in (s.get('neg_label') for s in data_samples)
            ],
        )

    def evaluate(self, size: int) -> dict:
        """Measure each class on one process and sum up on all of them.

        Args:
            size (int): Size of the data set.

        Returns:
            dict: The metrics, with the prefix.

        Raises:
            ValueError: If there is no image, or a score is not a number.
        """
        name = type(self).__name__
        sizes = self.results.sizes(size)
        if not sizes.num_images:
            raise ValueError(
                f'{name} is undefined without an image: check that the data '
                'set is not empty.'
            )
        if sizes.num_broken:
            raise ValueError(
                f'{name}: {sizes.num_broken} of {sizes.num_images} images '
                'have scores that are not numbers: the training diverged; '
                'lower the learning rate.'
            )
        rows = [
            (one.label, *self.measure(one))
            for one in self.results.deal_classes(sizes)
        ]
        shape = len(rows), 1 + len(self.columns)
        numbers = gather_array(np.array(rows, np.float64).reshape(shape))
        numbers = numbers[np.argsort(numbers[:, 0]), 1:].T
        table = dict(zip(self.columns, numbers))
        more = self.measure_images(sizes.own, table)
        self.results.clear()
        self.examine(table['positives'], table['observed'])
        metrics = {**self.compute_metrics(table), **more}
        return {f'{self.prefix}/{key}': metrics[key] for key in metrics}

    def examine(self, positives: np.ndarray, observed: np.ndarray) -> None:
        """Name the classes that do not count; refuse labels without any.

        It needs no scores: a run asks before its first step.

        Args:
            positives (ndarray): Observed positives of each class, ``(K,)``.
            observed (ndarray): Observed labels of each class, ``(K,)``.

        Raises:
            ValueError: If no class has a positive and a negative: each model
                would get the same.
        """
        if not ((positives > 0) & (positives < observed)).any():
            raise ValueError(
                f'{type(self).__name__} is undefined: of {len(observed)} '
                'classes none has an observed positive and an observed '
                f'negative ({int(observed.sum())} labels are observed, '
                f'{int(positives.sum())} of them positive), so that every '
                'model would score the same; evaluate on images with labels '
                'of both kinds, such as complete ones.'
            )
        left_out = self.left_out(positives, observed)
        parts = [
            f'{classes.sum()} {why} ({self.list_classes(classes)})'
            for why, classes in left_out.items()
            if classes.any()
        ]
        if parts:
            counted = self.counted(positives, observed)
            self.say_once(
                f'{type(self).__name__} leaves out {(~counted).sum()} of '
                f'{len(counted)} classes: {"; ".join(parts)}.'
            )

    def left_out(
        self, positives: np.ndarray, observed: np.ndarray
    ) -> Dict[str, np.ndarray]:
        """Tell which classes do not count.

        Returns:
            dict[str, ndarray]: The reason, and its classes, bool ``(K,)``.
        """
        alone = (observed > 0) & (positives == observed)
        return {NOTHING: observed == 0, POSITIVES: alone}

    def counted(
        self, positives: np.ndarray, observed: np.ndarray
    ) -> np.ndarray:
        """Mark the classes that count, bool ``(K,)``."""
        return ~np.any(list(self.left_out(positives, observed).values()), 0)

    def list_classes(self, marked: np.ndarray, limit: int = 20) -> str:
        """Name classes, by number where the data set has no names.

        Args:
            marked (ndarray): Which, bool ``(K,)``.
            limit (int): Names at most. Defaults to 20.
        """
        names = (self.dataset_meta or {}).get('classes') or range(len(marked))
        shown = [str(names[k]) for k in np.flatnonzero(marked)[:limit]]
        return ', '.join(shown) + (', ...' if marked.sum() > limit else '')

    def say_once(self, message: str) -> None:
        """Warn, unless an earlier evaluation has said the same."""
        if message not in self._said:
            self._said.add(message)
            MMLogger.get_current_instance().warning(message)

    def measure_images(
        self, num_images: int, table: Dict[str, np.ndarray]
    ) -> dict:
        """Return more metrics, of the images of this process that count."""
        return {}

    @abstractmethod
    def measure(self, one: ClassScores) -> Sequence[float]:
        """Compute the numbers of one class, named by ``columns``."""

    @abstractmethod
    def compute_metrics(self, table: Dict[str, np.ndarray]) -> dict:
        """Sum up; runs on every process.

        Args:
            table (dict[str, ndarray]): For each of ``columns`` the numbers of
                the classes, float64 ``(K,)``.

        Returns:
            dict: The metrics, without the prefix.
        """
