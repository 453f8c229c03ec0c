"""The epoch that a loss is told, of any kind of loop."""

from mmengine.runner import Runner

from mmwsml.engine.head import head_of
from mmwsml.registry import HOOKS

from .epoch_counting_hook import EpochCountingHook


@HOOKS.register_module()
class ProgressHook(EpochCountingHook):
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
        super().before_train(runner)

    def before_train_iter(self, runner: Runner, batch_idx: int, **_) -> None:
        """Set the epoch of the step."""
        head_of(runner).loss_module.progress = self._progress(runner)
