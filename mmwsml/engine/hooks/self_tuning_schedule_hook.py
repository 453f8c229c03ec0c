"""A rate of large losses from how many positives are hidden."""

from fractions import Fraction
from typing import Any, Optional

from mmengine.runner import Runner

from mmwsml.engine.head import head_of
from mmwsml.engine.hidden_positives import (
    check_kappa,
    check_share,
    estimate_hidden,
)
from mmwsml.registry import HOOKS

from .large_loss_schedule_hook import LargeLossScheduleHook


@HOOKS.register_module()
class SelfTuningScheduleHook(LargeLossScheduleHook):
    """Choose ``delta_rel`` so that the run modifies what is hidden.

    The hidden positives are estimated as in :class:`ClassWiseScheduleHook`,
    and added up over the classes. With T the epochs of the run, in percent,

    ``delta_rel = 100 * share * hidden / (entries * (T - begin + 1))``,

    so that the rate of LL-R and LL-Ct in the last epoch, and what LL-Cp has
    corrected after it, is ``share`` of them. Each batch rounds up, which is
    much where it is small and the rate constant, and a run that stops early
    has modified less. Ours; it is not in the paper, where ``delta_rel`` is
    tuned on validation labels.

    Args:
        share (float): Of the estimated hidden positives, in (0, 2]. Defaults
            to 1.
        begin (int): As in :class:`LargeLossScheduleHook`. Defaults to 2.
        schedule (str): As there.
        kappa (float, optional): Expected number of positives an image, for
            the estimate without validation labels, which are then not looked
            at. Defaults to None.
        frequencies (str, optional): Table of the share of positives of each
            class, of tools/analysis/estimate_frequencies.py, which goes
            before both. Defaults to None.
        **clock: As of :class:`EpochHook`.

    Raises:
        TypeError: If ``begin`` is not an integer.
        ValueError: If an argument is out of range.
    """

    def __init__(
        self,
        share: float = 1.0,
        begin: int = 2,
        schedule: str = 'linear',
        kappa: Optional[float] = None,
        frequencies: Optional[str] = None,
        **clock: Any,
    ) -> None:
        # Of no use until `before_train` knows the run.
        super().__init__(100, begin, schedule, **clock)
        check_share(share)
        check_kappa(kappa)
        self.share = share
        self.kappa = kappa
        self.frequencies = frequencies

    def before_train(self, runner: Runner) -> None:
        """Estimate what is hidden, and set ``delta_rel``.

        Raises:
            TypeError: If the loss reads no ``rate``.
            ValueError: If there is nothing to estimate from, or the run ends
                before ``begin``.
        """
        super().before_train(runner)
        _, num_epochs = self.clock.progress(runner)
        if num_epochs < self.begin:
            raise ValueError(
                f'{type(self).__name__} begins in epoch {self.begin}, but the '
                f'run has {num_epochs}: set `begin` to {num_epochs} at most.'
            )
        hidden = estimate_hidden(runner, self.kappa, self.frequencies)
        entries = int(hidden.num_unobserved.sum())
        if head_of(runner).loss_module.selection.percent_of == 'all':
            entries = hidden.num_images * len(hidden.count)
        # What is hidden, reached in the last epoch: in equal steps of a
        # rising rate, or by corrections for good that add up.
        percent = 100 * self.share * hidden.count.sum() / max(entries, 1)
        self.delta_rel = Fraction(percent) / (num_epochs - self.begin + 1)
        if not percent:
            runner.logger.warning(
                f'{type(self).__name__}: no positives seem to be hidden, so '
                'that nothing is modified.'
            )
        runner.logger.info(
            f'{hidden}; delta_rel = {float(self.delta_rel):.3g} %.'
        )
