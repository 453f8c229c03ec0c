"""Training without a step."""

from mmengine.hooks import EMAHook
from mmengine.runner import EpochBasedTrainLoop
from torch import nn

from mmwsml.registry import LOOPS


@LOOPS.register_module()
class ClosedFormLoop(EpochBasedTrainLoop):
    """MMEngine's loop over epochs, in which no epoch trains.

    For a model that a hook makes in closed form, such as
    :class:`LinearDiscriminantHook`: what follows an epoch, validation and
    checkpoint, follows.

    Args:
        runner (Runner): The run.
        dataloader (DataLoader | dict): Of the images that the hook sees.
        max_epochs (int): 1, or one for each model that the hook makes.
        **kwargs: ``val_begin``, ``val_interval``, ``dynamic_intervals`` of
            :class:`mmengine.runner.EpochBasedTrainLoop`.
    """

    def run(self) -> nn.Module:
        """Run what stands before and after training.

        Raises:
            ValueError: If a hook averages the model over its steps.
        """
        if any(isinstance(hook, EMAHook) for hook in self.runner.hooks):
            raise ValueError(
                'ClosedFormLoop takes no step, so that the average of EMAHook '
                'would stay as the model was before its head was made: remove '
                'the hook.'
            )
        return super().run()

    def run_epoch(self) -> None:
        """Count an epoch."""
        self.runner.call_hook('before_train_epoch')
        self.runner.call_hook('after_train_epoch')
        self._epoch += 1
