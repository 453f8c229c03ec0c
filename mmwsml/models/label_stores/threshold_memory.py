"""The memory of labels whose score has once been high."""

import math

import numpy as np

from mmwsml.structures.checks import check_number

from ...registry import MODELS
from ...structures.checks import check_begin
from ...structures.known_labels import KnownLabels
from .label_memory import COLUMNS, LabelMemory

ROWS = 4096  # that are looked at in one go


@MODELS.register_module()
class ThresholdMemory(LabelMemory):
    """Take unobserved labels of a high score as positive, for good.

    After each epoch from ``begin`` on all training images are predicted
    (:class:`mmwsml.FullPassHook`): an unobserved label with p >
    ``threshold`` is an observed positive from then on. Epoch and loss are
    kept as :class:`LabelMemory` does, and exported with the same tool. Any
    loss can train on it; observed negatives are never corrected.

    Beside the memory's 16 bytes a correction it takes 1 byte an entry while
    it learns.

    Paper: the rule of MIME, and nothing else of it: Revisiting Pseudo-Label
    for Single-Positive Multi-Label Learning (`ICML 2023
    <https://proceedings.mlr.press/v202/>`_).

    Args:
        threshold (float): In (0, 1). Defaults to 0.95, the published one.
        begin (int): First epoch, from 1, that corrections follow: they act
            from the next one on. Defaults to 2, that of the authors' code;
            CUB: 5.

    Raises:
        TypeError: If ``begin`` is no integer.
        ValueError: If ``threshold`` or ``begin`` is out of range.
    """

    keeps_modified = False
    needs_labels = True

    def __init__(self, threshold: float = 0.95, begin: int = 2) -> None:
        check_number('threshold', threshold, 0, 1, '()')
        check_begin(begin)
        self.threshold = threshold
        self.begin = begin
        super().__init__()

    def start(self, known: KnownLabels) -> None:
        """Forget all corrections; images and labels are those of training."""
        super().start(known)
        self.known = known

    def wants_logits(self, epoch: int, num_epochs: int) -> bool:
        """Whether ``begin`` is reached; arguments as in the base."""
        return epoch >= self.begin

    def take_logits(
        self, logits: np.ndarray, epoch: int, num_epochs: int
    ) -> None:
        """Remember what exceeds the threshold; arguments as in the base.

        Raises:
            ValueError: If there are more than 65536 classes or 65535 epochs.
        """
        self._check_size(logits.shape[1], epoch)
        least = _least_above(self.threshold)
        # (M, K); 0 where nothing is annotated, nor corrected before.
        taken = self.known.marks(self.keys, logits.shape[1])
        table = self._table[: self._size]
        taken[table['row'], table['class']] = 1
        for first in range(0, len(logits), ROWS):
            block = logits[first : first + ROWS]
            free = taken[first : first + ROWS] == 0
            rows, classes = ((block >= least) & free).nonzero()
            entries = np.zeros(len(rows), COLUMNS)
            entries['row'], entries['class'] = first + rows, classes
            entries['epoch'] = epoch
            entries['loss'] = np.logaddexp(0, block[rows, classes])
            self._append(entries)


def _least_above(probability: float) -> np.float32:
    """Find the least float32 logit with sigmoid(logit) > ``probability``.

    Scores near 1 are too coarse to compare: many logits share one.
    """
    bound = math.log(probability) - math.log1p(-probability)
    least = np.float32(bound)
    if float(least) <= bound:
        least = np.nextafter(least, np.float32(np.inf))
    return least
