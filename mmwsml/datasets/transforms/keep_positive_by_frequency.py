"""Hiding all labels of an image but one, rather of a frequent class."""

from typing import List, Sequence

from mmwsml.registry import TRANSFORMS

from .keep_one_positive import KeepOnePositive


@TRANSFORMS.register_module()
class KeepPositiveByFrequency(KeepOnePositive):
    """Keep one positive, in proportion to how frequent its class is.

    An annotator names what they name often. The paper's semantic bias is this
    draw with the counts of how often people clicked on a class. Among classes
    that all count 0 the draw is uniform.

    Paper: semantic bias of `Understanding Label Bias in Single Positive
    Multi-Label Learning <https://arxiv.org/abs/2305.15584>`_ (ICLR 2023 Tiny
    Papers).

    Required keys: ``sample_id``, ``gt_label``. Modified: ``gt_label``. Added
    or modified: ``neg_label``.

    Args:
        counts (Sequence[int]): How often each of the K classes occurs, for
            example in the training set.
        seed (int): Names one draw of the kept labels. Defaults to 0.

    Raises:
        ValueError: If a count is not an integer of at least 0.
    """

    def __init__(self, counts: Sequence[int], seed: int = 0) -> None:
        for label, count in enumerate(counts):
            if type(count) is not int or count < 0:
                raise ValueError(
                    '`counts` must hold integers of at least 0, but got '
                    f'{count!r} for class {label}.'
                )
        super().__init__(seed)
        self.counts = list(counts)
        self.num_classes: int = len(self.counts)

    def weigh(self, results: dict, positives: Sequence[int]) -> List[int]:
        """Return the counts of the positives.

        Raises:
            ValueError: If a class has no count.
        """
        if positives[-1] >= self.num_classes:
            raise ValueError(
                f'{results["sample_id"]} has the label {positives[-1]}, but '
                f'`counts` is of {self.num_classes} classes: give a count for '
                'each class of the data set.'
            )
        weights = [self.counts[label] for label in positives]
        return weights if any(weights) else [1] * len(weights)
