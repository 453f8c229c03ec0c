"""Training, and the head made again after it."""

from typing import List

from mmengine.hooks import EMAHook
from mmengine.runner import EpochBasedTrainLoop

from mmwsml.registry import LOOPS


@LOOPS.register_module()
class HeadMadeAgainLoop(EpochBasedTrainLoop):
    """MMEngine's loop over epochs, with a last one that takes no step.

    In it :class:`MultinomialDiscriminantHook` makes the head, from the
    features as they are after training. Where ``EMAHook`` averages the model,
    these are the average's: the model becomes its average, and both get the
    head. What follows an epoch, validation and checkpoint, follows; a run
    that is resumed after training makes the head.

    Args:
        runner (Runner): The run.
        dataloader (DataLoader | dict): Of the images to train on.
        max_epochs (int): One more than those that train, at least 2.
        **kwargs: ``val_begin``, ``val_interval``, ``dynamic_intervals`` of
            :class:`mmengine.runner.EpochBasedTrainLoop`.
    """

    @property
    def makes_head(self) -> bool:
        """Whether training is over, and the head is to be made."""
        return self._epoch + 1 == self._max_epochs

    def run_epoch(self) -> None:
        """Train, or make the head."""
        if not self.makes_head:
            super().run_epoch()
            return
        for hook in self._averages():
            hook.src_model.load_state_dict(hook.ema_model.module.state_dict())
        self.runner.call_hook('before_train_epoch')
        for hook in self._averages():
            hook.ema_model.module.load_state_dict(hook.src_model.state_dict())
        self.runner.call_hook('after_train_epoch')
        self._epoch += 1

    def _averages(self) -> List[EMAHook]:
        return [
            hook for hook in self.runner.hooks if isinstance(hook, EMAHook)
        ]
