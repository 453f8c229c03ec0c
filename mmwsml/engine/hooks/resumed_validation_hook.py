"""The validation that a resumed run still owes."""

from mmengine.hooks import Hook
from mmengine.runner import EpochBasedTrainLoop, IterBasedTrainLoop, Runner

from mmwsml.registry import HOOKS

#: In the message hub: iterations that the last validation came after; epochs,
#: where a loop takes no iterations. MMEngine prints what begins with "val".
VALIDATED = 'iter_of_last_validation'


@HOOKS.register_module()
class ResumedValidationHook(Hook):
    """Validate the weights that a run is resumed from, where that is due.

    A checkpoint is saved before the validation of its step and, unless that
    gives a new best, lacks the result; MMEngine resumes after it. Here a run
    that is resumed from such a checkpoint validates first: history and best
    checkpoint are those of a run that was not stopped.
    """

    # Validates in `before_train`, when all other hooks are ready.
    priority = 'LOWEST'

    def __init__(self) -> None:
        self._in_training = False

    def before_train(self, runner: Runner) -> None:
        """Validate what a resumed run has not."""
        self._in_training = True
        if runner.val_loop is not None and _lacks_validation(runner):
            runner.logger.info('Validating the weights to resume from.')
            # As where a run goes on, which still has those of its last step.
            for name in ('epoch', 'iter'):
                before = max(getattr(runner, name) - 1, 0)
                runner.message_hub.update_info(name, before)
            runner.val_loop.run()

    def after_train(self, runner: Runner) -> None:
        """Ignore validations that do not belong to training."""
        self._in_training = False

    def before_val_epoch(self, runner: Runner) -> None:
        """Note when the last validation was."""
        if self._in_training:
            # Before it, so that the checkpoint of a best epoch has it too.
            runner.message_hub.update_info(VALIDATED, _done(runner))


def _done(runner: Runner) -> int:
    return runner.iter or runner.epoch


def _lacks_validation(runner: Runner) -> bool:
    """Whether the loop would have validated what the run begins with."""
    loop = runner.train_loop
    if isinstance(loop, EpochBasedTrainLoop):
        done, last = runner.epoch, runner.max_epochs
    elif isinstance(loop, IterBasedTrainLoop):
        done, last = runner.iter, runner.max_iters
    else:
        return False
    if not done or runner.message_hub.get_info(VALIDATED) == _done(runner):
        return False
    loop._decide_current_val_interval()  # of `dynamic_intervals`
    due = done % loop.val_interval == 0 or done == last
    return due and done >= loop.val_begin
