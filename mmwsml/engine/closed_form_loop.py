"""Training without a step."""

from mmengine.runner import EpochBasedTrainLoop

from mmwsml.registry import LOOPS


@LOOPS.register_module()
class ClosedFormLoop(EpochBasedTrainLoop):
    """MMEngine's loop over epochs, in which no epoch trains.

    For a model that a hook makes before training, such as
    :class:`LinearDiscriminantHook`: what follows an epoch, validation and
    checkpoint, follows.

    Args:
        runner (Runner): The run.
        dataloader (DataLoader | dict): Of the images that the hook sees.
        max_epochs (int): Usually 1.
        **kwargs: ``val_begin``, ``val_interval``, ``dynamic_intervals`` of
            :class:`mmengine.runner.EpochBasedTrainLoop`.
    """

    def run_epoch(self) -> None:
        """Count an epoch."""
        self.runner.call_hook('before_train_epoch')
        self.runner.call_hook('after_train_epoch')
        self._epoch += 1
