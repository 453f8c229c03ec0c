"""Observed positives that stand for hidden ones."""

from typing import Optional

import numpy as np
import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmwsml.engine.head import head_of
from mmwsml.engine.hidden_positives import check_kappa, estimate_hidden
from mmwsml.registry import HOOKS
from mmwsml.structures.checks import check_number


@HOOKS.register_module()
class PropensityHook(Hook):
    """Let the observed positives of a class stand for its hidden ones too.

    The propensity of a class is the share of its positives that is observed.
    With t = 1 / propensity in the place of 1 as the target of an observed
    positive, assume negative becomes uPU: where the chance of a positive to
    be observed depends on its class alone, the mean over all ways to hide
    labels is the cross-entropy of complete labels. No label is guessed; what
    it costs is variance. (One positive kept of each image breaks the
    condition: a positive that stands alone is always shown.)

    A target above 1 pulls a score up however high it is. In the linear layer
    this keeps it from memorising; a network that follows it memorises the
    sooner. So what exceeds a target of 1, -(t - 1) z, trains the linear layer
    and nothing below it, which on frozen features is all there is. It is
    added to any loss, whatever a label store does, and goes well with a
    class-wise selection of few labels, the surest. The loss may be negative.

    Papers: `Convex Formulation for Learning from Positive and Unlabeled Data
    <https://proceedings.mlr.press/v37/plessis15.html>`_ (ICML 2015); for many
    classes, with propensities, `Convex Surrogates for Unbiased Loss Functions
    in Extreme Classification With Missing Labels
    <https://doi.org/10.1145/3442381.3450139>`_ (WWW 2021). That it stops at
    the linear layer is ours.

    Args:
        kappa (float, optional): Expected number of positives an image. Then t
            is the same for all classes but those that would have more
            positives than images. Defaults to None: positives are counted in
            complete validation labels, as by :class:`ClassWiseScheduleHook`.
        limit (float): Largest t, at least 1, for classes of which next
            to nothing is observed. Defaults to 10.
        frequencies (str, optional): Table of the share of positives of each
            class, of tools/analysis/estimate_frequencies.py, which goes
            before both. Defaults to None.

    Raises:
        ValueError: If an argument is out of range.
    """

    def __init__(
        self,
        kappa: Optional[float] = None,
        limit: float = 10.0,
        frequencies: Optional[str] = None,
    ) -> None:
        check_kappa(kappa)
        check_number('limit', limit, 1)
        self.kappa = kappa
        self.frequencies = frequencies
        self.limit = limit

    def before_train(self, runner: Runner) -> None:
        """Estimate propensities and tell the head.

        Raises:
            TypeError: If the head does not train on partial labels.
            ValueError: If there is nothing to estimate from.
        """
        head = head_of(runner)
        if getattr(head, 'labels', None) != 'partial':
            raise TypeError(
                f'{type(self).__name__} needs a head of mmwsml with '
                "`labels='partial'`, but got "
                f'{type(head).__name__} with {getattr(head, "labels", None)!r}'
                ': remove the hook or train on partial labels.'
            )
        hidden = estimate_hidden(runner, self.kappa, self.frequencies)
        observed = hidden.num_observed
        # (K,); the inverse of the chance to be observed. Clipped: a class
        # of few observed positives would outweigh all others.
        target = 1 + hidden.count / np.maximum(observed, 1)
        target = np.where(observed > 0, target, 1).clip(max=self.limit)
        device = next(head.parameters()).device
        head.inverse_propensity = torch.from_numpy(target).float().to(device)
        runner.logger.info(
            'An observed positive stands for '
            f'{target.min():.2f} to {target.max():.2f} positives of its '
            f'class, estimated from {hidden.source}.'
        )
