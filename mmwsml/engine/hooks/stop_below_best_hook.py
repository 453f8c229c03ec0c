"""The end of a run whose validation has fallen far below its best."""

import math
from typing import Dict

from mmengine.runner import EpochBasedTrainLoop, Runner

from mmwsml.registry import HOOKS
from mmwsml.structures.checks import check_number

from .resumed_validation_hook import ResumedValidationHook


@HOOKS.register_module()
class StopBelowBestHook(ResumedValidationHook):
    """Stop training when a metric is far below its best so far.

    After each validation, by epochs or by iterations: training ends if the
    best value of the run is more than ``margin`` above the current one. All
    values are those of the message hub, equal on all processes and kept in
    checkpoints.

    A resumed run validates first what was not validated, so that it stops
    where the unbroken run does.

    Args:
        monitor (str): Name of the metric, larger is better. Defaults to
            'multi-label/mAP'.
        margin (float): In the unit of the metric, at least 0: percent points
            of mAP. Defaults to 3.0, the paper's.

    Paper: the protocol of `Large Loss Matters in Weakly Supervised
    Multi-Label Classification <https://arxiv.org/abs/2206.03740>`_ (CVPR
    2022).

    Raises:
        TypeError: If ``margin`` is not a number.
        ValueError: If ``margin`` is negative or not finite.
    """

    def __init__(
        self, monitor: str = 'multi-label/mAP', margin: float = 3.0
    ) -> None:
        check_number('margin', margin, 0)
        super().__init__()
        self.monitor = monitor
        self.margin = float(margin)

    def before_train(self, runner: Runner) -> None:
        """Validate what a resumed run has not, and stop if it had stopped."""
        super().before_train(runner)
        if runner.val_loop is None:
            runner.logger.warning(
                'The run has no validation, so that StopBelowBestHook never '
                'stops it: set `val_cfg`, `val_dataloader` and '
                '`val_evaluator`, or remove the hook.'
            )
        elif f'val/{self.monitor}' in runner.message_hub.log_scalars:
            self._stop_below_best(runner)

    def after_val_epoch(
        self, runner: Runner, metrics: Dict[str, float]
    ) -> None:
        """Stop if the metric is too low.

        Raises:
            ValueError: If the validation does not give the metric.
        """
        if self.monitor not in metrics:
            raise ValueError(
                f'StopBelowBestHook has monitor={self.monitor!r}, but the '
                f'metrics of the validation are {sorted(metrics)}: choose '
                'one of these.'
            )
        if self._in_training:
            self._stop_below_best(runner)

    def _stop_below_best(self, runner: Runner) -> None:
        # RuntimeInfoHook has put the values there.
        values = runner.message_hub.get_scalar(f'val/{self.monitor}').data[0]
        best = max(filter(math.isfinite, values), default=math.nan)
        if best - values[-1] > self.margin:
            runner.train_loop.stop_training = True
            runner.logger.info(
                f'Training stops after {_progress(runner)}: {self.monitor} '
                f'is {values[-1]:.2f}, more than {self.margin:g} below the '
                f'best, {best:.2f}.'
            )


def _progress(runner: Runner) -> str:
    if isinstance(runner.train_loop, EpochBasedTrainLoop):
        return f'epoch {runner.epoch}'
    return f'iteration {runner.iter}'
