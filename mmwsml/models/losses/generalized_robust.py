"""A robust loss of unobserved labels that changes over the epochs."""

from typing import Any, Sequence, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step
from mmwsml.structures.checks import check_number

from ..checks import require
from .loss_result import LossResult
from .partial_label_loss import PartialLabelLoss


@MODELS.register_module()
class GeneralizedRobust(PartialLabelLoss):
    """GR: unobserved labels between positive and negative, robustly.

    An unobserved label costs V [k (1 - p^q2) / q2 + (1 - k) (1 - (1 - p)^q3)
    / q3]; k = sigmoid(w p + b), a soft label, and V = exp(-((p - mu) / sigma)
    ^2 / 2), a weight, have no gradient. In epoch e of T, from 1, w and b have
    gone (e - 1) / T of their ways, mu and sigma e / T. Observed labels have
    their cross-entropy.

    Needs ``progress``: add ``dict(type='mmwsml.ProgressHook')``.

    Args:
        q2 (float): In (0, 1]. Defaults to 0.01.
        q3 (float): In (0, 1]. Defaults to 1.
        w (Sequence[float]): First and last value. Defaults to (0, 2).
        b (Sequence[float]): First and last value. Defaults to (-2, -2).
        mu (Sequence[float]): First and last value. Defaults to (0.5, 0.8).
        sigma (Sequence[float]): First and last value, above 0. Defaults to
            (2, 0.5).
        **options: Those of :class:`PartialLabelLoss`; ``label_smoothing`` and
            ``pos_weight`` act on observed labels.

    Paper: `Boosting Single Positive Multi-label Classification with
    Generalized Robust Loss <https://arxiv.org/abs/2405.03501>`_ (IJCAI 2024).
    """

    reads = ('progress',)

    def __init__(
        self,
        q2: float = 0.01,
        q3: float = 1.0,
        w: Sequence[float] = (0.0, 2.0),
        b: Sequence[float] = (-2.0, -2.0),
        mu: Sequence[float] = (0.5, 0.8),
        sigma: Sequence[float] = (2.0, 0.5),
        **options: Any,
    ) -> None:
        super().__init__(**options)
        check_number('q2', q2, 0, 1, '(]')
        check_number('q3', q3, 0, 1, '(]')
        self.q2, self.q3 = q2, q3
        self.w = _check_way('w', w)
        self.b = _check_way('b', b)
        self.mu = _check_way('mu', mu)
        self.sigma = _check_way('sigma', sigma, low=0)

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Average both parts over N * K.

        Raises:
            RuntimeError: If no hook has set ``progress``.
        """
        known = self.label_losses(logits, target)
        terms = torch.where(observed, known, self._unobserved(logits, step))
        return LossResult(self.weigh(terms).mean())

    def _unobserved(self, logits: Tensor, step: Step) -> Tensor:
        """Compute what each entry costs as an unobserved label, ``(N, K)``."""
        epoch, num_epochs = require(step.progress, 'progress', self)
        begun, done = (epoch - 1) / num_epochs, epoch / num_epochs
        p = torch.sigmoid(logits.detach())
        # The higher the score, the more positive the label.
        k = torch.sigmoid(_on_way(self.w, begun) * p + _on_way(self.b, begun))
        # Scores far from mu are either easy or likely to be wrong.
        distance = (p - _on_way(self.mu, done)) / _on_way(self.sigma, done)
        weight = torch.exp(-(distance**2) / 2)
        positive = _robust(logits, self.q2)
        negative = _robust(-logits, self.q3)
        return weight * (k * positive + (1 - k) * negative)


def _robust(logits: Tensor, q: float) -> Tensor:
    """Compute (1 - p^q) / q, exact for logits of any size."""
    return -torch.expm1(q * F.logsigmoid(logits)) / q


def _on_way(ends: Tuple[float, float], share: float) -> float:
    first, last = ends
    return first + (last - first) * share


def _check_way(
    name: str, ends: Sequence[float], low: float = float('-inf')
) -> Tuple[float, float]:
    if not isinstance(ends, (list, tuple)) or len(ends) != 2:
        raise ValueError(
            f'`{name}` must be a first and a last value, but got {ends!r}.'
        )
    for end in ends:
        check_number(name, end, low, ends='()')
    return ends[0], ends[1]
