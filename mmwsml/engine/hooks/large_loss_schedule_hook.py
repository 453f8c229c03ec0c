"""The share of losses to modify, a function of epoch or iteration."""

from fractions import Fraction
from typing import Any

from mmengine.dist import get_world_size
from mmengine.runner import Runner
from torch import Tensor

from mmwsml.engine.head import head_of
from mmwsml.registry import HOOKS
from mmwsml.structures.checks import check_begin, check_choice, check_number

from .modification_hook import ModificationHook


@HOOKS.register_module()
class LargeLossScheduleHook(ModificationHook):
    """Tell a large-loss method its rate, in every step.

    With t the epoch, from 1, and t >= ``begin``, the loss modifies
    ``(t - begin + 1) * delta_rel`` percent of the entries (linear: LL-R,
    LL-Ct) or ``delta_rel`` percent (constant: LL-Cp); before, none. The rate
    is an exact fraction and needs no state: a resumed run has the right one.

    Args:
        delta_rel (float): In percent, in (0, 100]; 0.2 means 0.2 %.
        begin (int): First epoch that modifies, at least 1. Defaults to 2, the
            paper's; a network trained from nothing must learn first.
        schedule (str): 'linear' or 'constant'. Defaults to 'linear'.
        **clock: As of :class:`EpochHook`; t counts its epochs.

    Paper: sections 4.1 to 4.3 of `Large Loss Matters in Weakly Supervised
    Multi-Label Classification <https://arxiv.org/abs/2206.03740>`_ (CVPR
    2022).

    Raises:
        TypeError: If ``delta_rel`` or ``begin`` is not a number, an integer.
        ValueError: If an argument is out of range.
    """

    def __init__(
        self,
        delta_rel: float,
        begin: int = 2,
        schedule: str = 'linear',
        **clock: Any,
    ) -> None:
        check_number('delta_rel', delta_rel, 0, 100, '(]')
        check_begin(begin)
        check_choice('schedule', schedule, ('linear', 'constant'))
        super().__init__(**clock)
        # The decimal that was written, not the nearest binary number.
        self.delta_rel = Fraction(str(delta_rel))
        self.begin = begin
        self.schedule = schedule

    def rate(self, t: int) -> Fraction:
        """Return the share of entries that epoch ``t``, from 1, modifies."""
        if t < self.begin:
            return Fraction(0)
        steps = t - self.begin + 1 if self.schedule == 'linear' else 1
        return min(Fraction(1), steps * self.delta_rel / 100)

    def before_train(self, runner: Runner) -> None:
        """Refuse a loss without a rate, and a loop without epochs.

        Raises:
            TypeError: If the loss reads no ``rate``.
            ValueError: If the train loop has no epochs.
        """
        loss = head_of(runner).loss_module
        if 'rate' not in getattr(loss, 'reads', ()):
            raise TypeError(
                f'{type(self).__name__} needs a loss with a `rate`, such as '
                f'mmwsml.LargeLossRejection with mmwsml.TopKSelection, but '
                f'got {type(loss).__name__}: remove the hook or choose '
                'another loss.'
            )
        super().before_train(runner)
        if loss.selection.scope == 'rank' and get_world_size() > 1:
            runner.logger.warning(
                f'{type(loss).__name__} selects on each of {get_world_size()} '
                'processes for itself (`scope="rank"`).'
            )

    def before_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        """Tell the rate of the step."""
        epoch = self.clock.progress(runner)[0]
        head_of(runner).tell(rate=self.rate(epoch))

    def after_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        """Log the rate and count what the step modified."""
        epoch = self.clock.progress(runner)[0]
        percent = float(100 * self.rate(epoch))
        runner.message_hub.update_scalar('train/rate_percent', percent)
        super().after_train_iter(runner)

    def report(
        self,
        runner: Runner,
        epoch: int,
        num_modified: Tensor,
        num_iters: int,
    ) -> None:
        """Log the epoch's rate in percent and the labels it modified."""
        percent_of = head_of(runner).loss_module.selection.percent_of
        runner.logger.info(
            f'Epoch {epoch}: modified {int(num_modified.sum())} '
            f'labels in {num_iters} batches, '
            f'{float(100 * self.rate(epoch)):g} % of {percent_of} labels in '
            'each.'
        )
