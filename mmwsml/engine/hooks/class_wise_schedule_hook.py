"""The share of each class to modify, from how many positives are hidden."""

from typing import Any, Optional

import numpy as np
import torch
from mmengine.runner import Runner
from torch import Tensor

from mmwsml.engine.head import head_of
from mmwsml.engine.hidden_positives import (
    HiddenPositives,
    check_kappa,
    check_share,
    estimate_hidden,
)
from mmwsml.engine.scored_positives import (
    estimate_by_scores,
    has_positives_alone,
)
from mmwsml.registry import HOOKS
from mmwsml.structures.checks import check_integer

from .modification_hook import ModificationHook

SHOWN = 20  # classes in the log, those of most hidden positives first


@HOOKS.register_module()
class ClassWiseScheduleHook(ModificationHook):
    """Tell a class-wise selection which share of each class to modify.

    For each class it estimates how many of its positives are hidden: from
    the share of positives among complete validation labels, where there are
    any; where validation has positives alone, from their scores, when epoch
    ``begin`` starts; else so that an image has ``kappa`` positives and the
    classes share them as they do the observed ones, since a positive drawn
    uniformly shows each class about equally often. In epoch t >=
    ``begin`` the selection modifies ``share`` * min(1, (t - ``begin`` + 1) /
    ``ramp``) of the estimate, so that there is no ``delta_rel`` to tune; what
    a label memory has corrected for good before is taken off. In the epochs
    before, thresholds follow the scores, and nothing is modified.

    Only the number of positives of each class is taken from the validation
    labels. Nothing here is state: a resumed run has the right share.

    Args:
        share (float): Of the estimated hidden positives, in (0, 2]. Defaults
            to 1; for a correction, 0.5 takes the surer half.
        begin (int): First epoch that modifies, at least 1. Defaults to 2.
        ramp (int): Epochs until the whole share is modified, at least 1.
            Defaults to 3.
        kappa (float, optional): Expected number of positives an image, for
            the estimate without validation labels, which are then not looked
            at. Defaults to None.
        frequencies (str, optional): Table of the share of positives of each
            class, of tools/analysis/estimate_frequencies.py, which goes
            before both. Defaults to None.
        **clock: As of :class:`EpochHook`.

    Raises:
        ValueError: If an argument is out of range.
    """

    def __init__(
        self,
        share: float = 1.0,
        begin: int = 2,
        ramp: int = 3,
        kappa: Optional[float] = None,
        frequencies: Optional[str] = None,
        **clock: Any,
    ) -> None:
        super().__init__(**clock)
        check_share(share)
        check_integer('begin', begin, 1)
        check_integer('ramp', ramp, 1)
        check_kappa(kappa)
        self.share = share
        self.begin = begin
        self.ramp = ramp
        self.kappa = kappa
        self.frequencies = frequencies
        self._hidden: Optional[HiddenPositives] = None
        self._epoch = 0

    def before_train(self, runner: Runner) -> None:
        """Estimate what is hidden, and begin anew in a new run.

        Raises:
            TypeError: If the loss has no class-wise selection.
            ValueError: If there is nothing to estimate from.
        """
        super().before_train(runner)
        selection: Any = getattr(
            head_of(runner).loss_module, 'selection', None
        )
        if 'shares' not in getattr(selection, 'reads', ()):
            raise TypeError(
                f'{type(self).__name__} needs a large loss with '
                "selection=dict(type='mmwsml.ClassWiseSelection'), but got "
                f'{type(head_of(runner).loss_module).__name__} with '
                f'{type(selection).__name__}: remove the hook or choose that '
                'selection.'
            )
        if runner.iter == 0:  # a new run, whatever weights it starts from
            selection.reset()
        self._hidden, self._epoch = None, 0
        told = self.kappa is not None or self.frequencies is not None
        if not told and has_positives_alone(runner):
            if self.begin < 2:
                raise ValueError(
                    'Where validation holds positives alone, what is hidden '
                    'is estimated from scores, which a model needs an epoch '
                    'for: set `begin` to 2 at least, or give `kappa`.'
                )
            return
        self._hidden = estimate_hidden(runner, self.kappa, self.frequencies)
        runner.logger.info(f'{self._hidden}.')

    def shares(self, epoch: int, num_corrected: np.ndarray) -> np.ndarray:
        """Compute the share of the unobserved entries of each class.

        Args:
            epoch (int): t, from 1.
            num_corrected (ndarray): Labels of each class that a memory has
                corrected in earlier epochs, ``(K,)``.

        Returns:
            ndarray: Float64 ``(K,)`` in [0, 1]. Before ``begin``, that of
            epoch ``begin``, or 0 where nothing is estimated yet.
        """
        if self._hidden is None:
            return np.zeros(len(num_corrected))
        steps = max(epoch, self.begin) - self.begin + 1
        # What is corrected for good counts towards what is wanted, and is
        # no longer among the entries to choose from; all (K,).
        wanted = self.share * min(1, steps / self.ramp) * self._hidden.count
        left = self._hidden.num_unobserved - num_corrected
        share = (wanted - num_corrected) / np.maximum(left, 1)
        return share.clip(0, 1)

    def before_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        """Tell the shares of a new epoch."""
        head = head_of(runner)
        epoch = self.clock.progress(runner)[0]
        if epoch == self._epoch:
            return
        self._epoch = epoch
        if self._hidden is None and epoch >= self.begin:
            self._hidden = estimate_by_scores(runner)
            runner.logger.info(f'{self._hidden}.')
        share = self.shares(epoch, head.label_store.count_corrected(epoch))
        device = head.loss_module.selection.threshold.device
        head.tell(
            shares=torch.from_numpy(share).to(device),
            warm_up=epoch < self.begin,
        )

    def report(
        self,
        runner: Runner,
        epoch: int,
        num_modified: Tensor,
        num_iters: int,
    ) -> None:
        """Log, class by class, the estimate and what was modified of it."""
        names = runner.train_dataloader.dataset.metainfo.get('classes')
        if self._hidden is None:
            return  # nothing was modified
        hidden = self._hidden.count
        shown = np.argsort(-hidden, kind='stable')[:SHOWN]
        lines = [
            f'{names[k] if names else k} {num_modified[k]} of {hidden[k]:.0f}'
            for k in shown
        ]
        if len(hidden) > SHOWN:
            lines.append(f'and {len(hidden) - SHOWN} more')
        runner.logger.info(
            f'Epoch {epoch}: modified {int(num_modified.sum())} labels '
            f'in {num_iters} batches; by class, of the hidden positives '
            f'estimated: {", ".join(lines)}.'
        )
