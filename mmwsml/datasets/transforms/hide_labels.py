"""What the transforms that hide labels share."""

from abc import abstractmethod
from fractions import Fraction
from typing import List, Optional, Sequence, Tuple

import numpy as np
from mmcv.transforms import BaseTransform

from mmwsml.structures import hash32
from mmwsml.structures.checks import check_number

#: What else tells of labels in the samples of MMPretrain, MMDetection, ours.
TELLTALES = (
    'instances',
    'gt_score',
    'gt_label_difficult',
    'gt_bboxes',
    'gt_bboxes_labels',
)


class LabelTransform(BaseTransform):
    """A transform that shows its arguments."""

    def __repr__(self) -> str:
        """Show the arguments."""
        shown = [
            f'{name}={value!r}'
            for name, value in vars(self).items()
            if not name.startswith('_')
        ]
        return f'{type(self).__name__}({", ".join(shown)})'


class HideLabels(LabelTransform):
    """Base of the transforms that hide labels of an image.

    What stays known is a function of ``seed`` and ``sample_id``: the same in
    every epoch, worker, rank and NumPy version. Labels that are partial
    already (``neg_label`` is there) are hidden further: what was unknown stays
    unknown.

    Required keys: ``sample_id``, ``gt_label``. Optional: ``neg_label``.
    Modified: ``gt_label``. Added or modified: ``neg_label``. Removed:
    whatever else tells of labels, such as ``instances``.

    Args:
        seed (int): Names one draw. Defaults to 0.
    """

    #: K, where the draw needs to know it.
    num_classes: Optional[int] = None
    #: Whether the draw looks at the size of the image, which must be read.
    needs_size: bool = False

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    @abstractmethod
    def keep(self, results: dict) -> Tuple[List[int], List[int]]:
        """Return the positives and the negatives that stay known."""

    def transform(self, results: dict) -> dict:
        """Hide the labels that are not kept.

        Raises:
            KeyError: If ``sample_id`` is missing.
        """
        require_sample_id(results)
        return replace_labels(results, *self.keep(results))

    def draw(self, results: dict, num_classes: int) -> np.ndarray:
        """Draw a number for each class of an image.

        Transforms of two kinds draw independently, also at one seed.

        Returns:
            ndarray: int64 ``(num_classes,)``, each in [0, 2^32).
        """
        key = f'{type(self).__name__}/{self.seed}/{results["sample_id"]}'
        return hash32(key, num_classes)

    def find_mismatch(self, classes: Sequence[str]) -> Optional[str]:
        """Say why the transform does not fit a data set, if it does not."""
        if self.num_classes in (None, len(classes)):
            return None
        return (
            f'{type(self).__name__} hides labels of {self.num_classes} '
            f'classes, but its data set has {len(classes)}: give it as many.'
        )


def require_sample_id(results: dict) -> None:
    """Refuse an image without identity."""
    if 'sample_id' not in results:
        raise KeyError(
            f'{results.get("img_path", "An image")} has no `sample_id`: put '
            'mmwsml.AddSampleId first in the pipeline.'
        )


def replace_labels(
    results: dict, positives: List[int], negatives: List[int]
) -> dict:
    """Set what is known, and take away what tells of hidden labels."""
    results['gt_label'] = positives
    results['neg_label'] = negatives
    for key in TELLTALES:
        results.pop(key, None)
    return results


def known_labels(
    results: dict, num_classes: int
) -> Tuple[np.ndarray, np.ndarray]:
    """List the classes known to be present and to be absent, in order.

    Raises:
        ValueError: If a label is none of the classes.
    """
    positives = _as_array(results['gt_label'])
    if 'neg_label' in results:
        negatives = _as_array(results['neg_label'])
    else:  # the labels are complete
        negatives = np.setdiff1d(np.arange(num_classes), positives)
    highest = max(positives.max(initial=0), negatives.max(initial=0))
    if highest >= num_classes:
        raise ValueError(
            f'{results["sample_id"]} has the label {highest}, but labels are '
            f'hidden with num_classes={num_classes}: give the transform the '
            'number of classes of its data set.'
        )
    return positives, negatives


def _as_array(labels: Sequence[int]) -> np.ndarray:
    return np.sort(np.asarray(labels, dtype=np.int64))


def limit_of(fraction: float) -> int:
    """Return the number below which :meth:`HideLabels.draw` keeps a label.

    Raises:
        TypeError: If ``fraction`` is not a number.
        ValueError: If it is outside of [0, 1].
    """
    check_number('fraction', fraction, 0, 1)
    # The decimal that was written, not the nearest binary number.
    return int(Fraction(str(fraction)) * 2**32)
