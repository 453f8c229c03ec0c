"""The paper's selection: the largest losses of a batch."""

from fractions import Fraction
from functools import lru_cache

import torch
from torch import Tensor

from mmwsml.models.checks import require
from mmwsml.models.selections.select_largest import PERCENT_OF, select_largest
from mmwsml.registry import MODELS
from mmwsml.structures import Step
from mmwsml.structures.checks import check_choice

from .selection import Selection

SCOPES = ('global', 'rank')


@MODELS.register_module()
class TopKSelection(Selection):
    """Mark exactly the k largest scores of a batch.

    k follows from the ``rate`` of the step, which ``LargeLossScheduleHook``
    tells.

    Args:
        percent_of (str): What ``rate`` is a share of: ``'unobserved'`` entries
            of the batch (the paper) or ``'all'`` (the authors' code, with
            which the published ``delta_rel`` were tuned). Defaults to
            'unobserved'.
        scope (str): Where the largest are looked for: ``'global'``, the
            batches of all processes together, so that their number changes
            nothing, or ``'rank'``, the batch of each process for itself,
            without an exchange. Defaults to 'global'.

    Paper: sections 4.1 to 4.3 of `Large Loss Matters in Weakly Supervised
    Multi-Label Classification <https://arxiv.org/abs/2206.03740>`_ (CVPR
    2022).

    Raises:
        ValueError: If ``percent_of`` or ``scope`` is unknown.
    """

    reads = ('rate',)

    def __init__(
        self, percent_of: str = 'unobserved', scope: str = 'global'
    ) -> None:
        super().__init__()
        check_choice('percent_of', percent_of, PERCENT_OF)
        check_choice('scope', scope, SCOPES)
        self.percent_of = percent_of
        self.scope = scope

    def forward(self, scores: Tensor, observed: Tensor, step: Step) -> Tensor:
        """Mark the k largest; see :func:`select_largest`.

        Raises:
            RuntimeError: In training, if the step has no ``rate``.
            ValueError: If the rate is not in [0, 1].
        """
        rate, batch = step.rate, step.batch
        if self.training:
            rate = require(rate, 'rate', self)
        if rate is None:
            return torch.zeros_like(observed)
        if batch is not None and self.scope == 'rank':
            batch = batch.alone()
        share = _exact(rate)
        return select_largest(scores, observed, share, self.percent_of, batch)


@lru_cache(maxsize=16)  # a rate stays for an epoch
def _exact(rate: Fraction) -> Fraction:
    if not 0 <= rate <= 1:
        raise ValueError(f'`rate` must be in [0, 1], but got {rate}.')
    # Nine digits: the product with a count then fits into 64 bits.
    return Fraction(rate).limit_denominator(10**9)
