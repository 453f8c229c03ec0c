"""The epoch that a loss is told, of any kind of loop."""

import math
from typing import Optional, Tuple

from mmengine.hooks import Hook
from mmengine.runner import EpochBasedTrainLoop, Runner

from mmwsml.engine.head import head_of
from mmwsml.registry import HOOKS


@HOOKS.register_module()
class ProgressHook(Hook):
    """Tell the loss the epoch and the number of epochs, in every step.

    Needs no state: a resumed run has the right one.
    :class:`LargeLossScheduleHook` is one and does the same.

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
        _check_epochs(by_epoch, iters_per_epoch)
        self.by_epoch = by_epoch
        self.iters_per_epoch = iters_per_epoch

    def before_train(self, runner: Runner) -> None:
        """Refuse a loss that cannot be told, and a loop without epochs.

        Raises:
            TypeError: If the loss has no ``progress``.
            ValueError: If the run is counted in iterations.
        """
        loss = head_of(runner).loss_module
        if not hasattr(loss, 'progress'):
            raise TypeError(
                f'{type(self).__name__} needs a loss with a `progress`, any '
                f'of mmwsml, but got {type(loss).__name__}: remove the hook '
                'or choose another loss.'
            )
        is_epoch_loop = isinstance(runner.train_loop, EpochBasedTrainLoop)
        if self.by_epoch and not is_epoch_loop:
            raise ValueError(
                f'{type(self).__name__} counts epochs, but the train loop is '
                f'{type(runner.train_loop).__name__}: set `by_epoch=False` '
                'and `iters_per_epoch` in the hook, or train by epochs.'
            )

    def before_train_iter(self, runner: Runner, batch_idx: int, **_) -> None:
        """Set the epoch of the step."""
        head_of(runner).loss_module.progress = self._progress(runner)

    def _progress(self, runner: Runner) -> Tuple[int, int]:
        """Tell the epoch, from 1, and how many there are."""
        if self.by_epoch:
            return runner.epoch + 1, runner.max_epochs
        num_epochs = math.ceil(runner.max_iters / self.iters_per_epoch)
        return runner.iter // self.iters_per_epoch + 1, num_epochs


def _check_epochs(by_epoch: bool, iters_per_epoch: Optional[int]) -> None:
    """Let ``iters_per_epoch`` be there if and only if it is used."""
    if by_epoch and iters_per_epoch is not None:
        raise ValueError(
            f'`iters_per_epoch` is {iters_per_epoch!r}, but `by_epoch=True` '
            'counts the epochs of the train loop: leave it out, or set '
            '`by_epoch=False`.'
        )
    if not by_epoch and (
        type(iters_per_epoch) is not int or iters_per_epoch < 1
    ):
        raise ValueError(
            '`iters_per_epoch` must be an integer of at least 1 where '
            f'`by_epoch=False`, but got {iters_per_epoch!r}.'
        )
