"""The epoch of a step, in any kind of loop."""

import math
from typing import Optional, Tuple

from mmengine.hooks import Hook
from mmengine.runner import EpochBasedTrainLoop, Runner

from mmwsml.engine.closed_form_loop import ClosedFormLoop


class EpochCountingHook(Hook):
    """A hook that acts by the epoch, without a state: resume is free.

    Args:
        by_epoch (bool): Whether to count the epochs of the train loop. If
            not, an epoch is ``iters_per_epoch`` iterations, in a loop of any
            kind. Defaults to True.
        iters_per_epoch (int, optional): Iterations that make one epoch, at
            least 1. Defaults to None.

    Raises:
        ValueError: If ``iters_per_epoch`` is missing, wrong or not used.
    """

    def __init__(
        self, by_epoch: bool = True, iters_per_epoch: Optional[int] = None
    ) -> None:
        if by_epoch and iters_per_epoch is not None:
            raise ValueError(
                f'`iters_per_epoch` is {iters_per_epoch!r}, but '
                '`by_epoch=True` counts the epochs of the train loop: leave '
                'it out, or set `by_epoch=False`.'
            )
        if not by_epoch and (
            type(iters_per_epoch) is not int or iters_per_epoch < 1
        ):
            raise ValueError(
                '`iters_per_epoch` must be an integer of at least 1 where '
                f'`by_epoch=False`, but got {iters_per_epoch!r}.'
            )
        self.by_epoch = by_epoch
        self.iters_per_epoch = iters_per_epoch

    def before_train(self, runner: Runner) -> None:
        """Refuse a loop without epochs or steps, and two kinds of epochs.

        Raises:
            ValueError: If the run is counted in iterations, takes no step, or
                another hook counts other epochs.
        """
        if isinstance(runner.train_loop, ClosedFormLoop):
            raise ValueError(
                f'{type(self).__name__} acts on the steps of an epoch, but '
                'ClosedFormLoop takes none: remove the hook.'
            )
        is_epoch_loop = isinstance(runner.train_loop, EpochBasedTrainLoop)
        if self.by_epoch and not is_epoch_loop:
            raise ValueError(
                f'{type(self).__name__} counts epochs, but the train loop is '
                f'{type(runner.train_loop).__name__}: set `by_epoch=False` '
                'and `iters_per_epoch` in the hook, or train by epochs.'
            )
        for other in runner.hooks:
            if isinstance(other, EpochCountingHook):
                self._refuse_other_epochs(other)

    def _refuse_other_epochs(self, other: 'EpochCountingHook') -> None:
        own, its = self.iters_per_epoch, other.iters_per_epoch
        if own != its:
            raise ValueError(
                f'{type(self).__name__} counts {_describe(own)}, but '
                f'{type(other).__name__} counts {_describe(its)}: set the '
                'same `by_epoch` and `iters_per_epoch` in both.'
            )

    def _progress(self, runner: Runner) -> Tuple[int, int]:
        """Tell the epoch, from 1, and how many there are."""
        if self.by_epoch:
            return runner.epoch + 1, runner.max_epochs
        num_epochs = math.ceil(runner.max_iters / self.iters_per_epoch)
        return runner.iter // self.iters_per_epoch + 1, num_epochs


def _describe(iters_per_epoch: Optional[int]) -> str:
    if iters_per_epoch is None:
        return 'the epochs of the train loop'
    return f'epochs of {iters_per_epoch} iterations'
