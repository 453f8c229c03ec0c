"""The clock of a run: which epoch it is, in any kind of loop."""

import math
from typing import Any, NamedTuple, Optional, Tuple

from mmengine.hooks import Hook
from mmengine.runner import EpochBasedTrainLoop, Runner

from mmwsml.engine.closed_form_loop import ClosedFormLoop
from mmwsml.engine.head import head_of
from mmwsml.registry import HOOKS


class Clock(NamedTuple):
    """What counts as an epoch; without a state, so that resume is free."""

    #: None: the epochs of the train loop.
    iters_per_epoch: Optional[int]

    def progress(self, runner: Runner) -> Tuple[int, int]:
        """Tell the epoch, from 1, and how many there are."""
        if self.iters_per_epoch is None:
            return runner.epoch + 1, runner.max_epochs
        num_epochs = math.ceil(runner.max_iters / self.iters_per_epoch)
        return runner.iter // self.iters_per_epoch + 1, num_epochs

    def ends(self, runner: Runner) -> bool:
        """Whether an epoch of iterations ends with the one just made."""
        if self.iters_per_epoch is None:
            return False
        done = runner.iter + 1
        return done % self.iters_per_epoch == 0 or done == runner.max_iters


class EpochHook(Hook):
    """A hook that acts by the epochs of the run's one clock.

    Args:
        by_epoch (bool): Sets the clock of all hooks, as in
            :class:`ProgressHook`, where configs may say it here as well.
            Defaults to True.
        iters_per_epoch (int, optional): As there.

    Raises:
        ValueError: If ``iters_per_epoch`` is missing, wrong or not used.
    """

    #: Found before training; the loop's own where no step needs it.
    clock = Clock(None)

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
        self.iters_per_epoch = iters_per_epoch

    def before_train(self, runner: Runner) -> None:
        """Find the clock, and begin one where the config has none.

        Raises:
            ValueError: If the loop takes no step or has no epochs, or two
                hooks count different ones.
        """
        if isinstance(runner.train_loop, ClosedFormLoop):
            raise ValueError(
                f'{type(self).__name__} acts on the steps of an epoch, but '
                'ClosedFormLoop takes none: remove the hook.'
            )
        self.clock = clock_of(runner)
        if not has_epochs(runner):
            raise ValueError(
                f'{type(self).__name__} counts epochs, but the train loop is '
                f'{type(runner.train_loop).__name__}: set '
                "`default_hooks.progress=dict(type='mmwsml.ProgressHook', "
                'by_epoch=False, iters_per_epoch=...)`, or train by epochs.'
            )
        if not any(isinstance(hook, ProgressHook) for hook in runner.hooks):
            # Behind all others: the hooks are being gone through.
            runner.register_hook(ProgressHook(), 'LOWEST')

    def after_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        """End an epoch that is so many iterations."""
        if self.clock.ends(runner):
            self.end_epoch(runner)

    def after_train_epoch(self, runner: Runner) -> None:
        """End an epoch of the train loop."""
        if self.clock.iters_per_epoch is None:
            self.end_epoch(runner)

    def end_epoch(self, runner: Runner) -> None:
        """Act on an epoch whose last step is done."""


@HOOKS.register_module()
class ProgressHook(EpochHook):
    """The clock: tell the head the epoch and their number, in every step.

    One counts for all hooks. It belongs into ``default_hooks``, where the
    configs have it under the name ``progress``.

    Args:
        by_epoch (bool): Whether to count the epochs of the train loop. If
            not, an epoch is ``iters_per_epoch`` iterations, in a loop of any
            kind. Defaults to True.
        iters_per_epoch (int, optional): Iterations that make one epoch, at
            least 1. Defaults to None.

    Raises:
        ValueError: If ``iters_per_epoch`` is missing, wrong or not used.
    """

    def before_train(self, runner: Runner) -> None:
        """Refuse a loop without epochs for a loss that must know them.

        Raises:
            ValueError: If it is one, or two hooks count different epochs.
        """
        self.clock = clock_of(runner)
        loss = getattr(head_of(runner), 'loss_module', None)
        if has_epochs(runner) or 'progress' in getattr(loss, 'reads', ()):
            super().before_train(runner)

    def before_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        """Tell the epoch of the step."""
        head = head_of(runner)
        if not hasattr(head, 'tell') or not has_epochs(runner):
            return
        progress = self.clock.progress(runner)
        if progress != head.told.progress:
            head.tell(progress=progress)


def clock_of(runner: Runner) -> Clock:
    """Find what a run counts as an epoch.

    Raises:
        ValueError: If two hooks count different iterations.
    """
    setting = [
        hook
        for hook in runner.hooks
        if isinstance(hook, EpochHook) and hook.iters_per_epoch is not None
    ]
    for other in setting[1:]:
        first = setting[0]
        if first.iters_per_epoch != other.iters_per_epoch:
            raise ValueError(
                f'{type(first).__name__} counts epochs of '
                f'{first.iters_per_epoch} iterations, but '
                f'{type(other).__name__} counts epochs of '
                f'{other.iters_per_epoch} iterations: set `iters_per_epoch` '
                'once, in mmwsml.ProgressHook.'
            )
    return Clock(setting[0].iters_per_epoch if setting else None)


def has_epochs(runner: Runner) -> bool:
    """Whether there are epochs to count, and steps in them."""
    loop = runner.train_loop
    if isinstance(loop, ClosedFormLoop):
        return False
    by_loop = isinstance(loop, EpochBasedTrainLoop)
    return by_loop or clock_of(runner).iters_per_epoch is not None
