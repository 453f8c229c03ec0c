"""What LL-R, LL-Ct and LL-Cp share: which entries they modify."""

from fractions import Fraction
from typing import Any, Optional

from torch import Tensor

from .functional import PERCENT_OF, select_largest
from .partial_label_loss import PartialLabelLoss

SCOPES = ('global', 'rank')


class LargeLoss(PartialLabelLoss):
    """Base of the losses that modify the largest losses of a batch.

    In the unobserved part of a batch a large loss means "probably positive":
    the network learns true negatives first and memorises the missing
    positives later.

    Args:
        percent_of (str): What ``rate`` is a share of: ``'unobserved'`` entries
            of the batch (the paper) or ``'all'`` (the authors' code, with
            which the published ``delta_rel`` were tuned). Defaults to
            'unobserved'.
        scope (str): Where the largest are looked for: ``'global'``, the
            batches of all processes together, so that their number changes
            nothing, or ``'rank'``, the batch of each process for itself,
            without an exchange. Defaults to 'global'.
        **options: ``class_weight`` and ``label_smoothing`` of
            :class:`PartialLabelLoss`; neither changes which are the largest.

    Raises:
        ValueError: If ``percent_of`` or ``scope`` is unknown.
    """

    modifies = True

    def __init__(
        self,
        percent_of: str = 'unobserved',
        scope: str = 'global',
        **options: Any,
    ) -> None:
        super().__init__(**options)
        if percent_of not in PERCENT_OF:
            raise ValueError(
                f'`percent_of` must be one of {PERCENT_OF}, but got '
                f'{percent_of!r}.'
            )
        if scope not in SCOPES:
            raise ValueError(
                f'`scope` must be one of {SCOPES}, but got {scope!r}.'
            )
        self.percent_of = percent_of
        self.scope = scope
        self._rate: Optional[Fraction] = None

    @property
    def rate(self) -> Optional[Fraction]:
        """The share of entries to modify, in [0, 1]; None until it is set."""
        return self._rate

    @rate.setter
    def rate(self, rate: Fraction) -> None:
        if not 0 <= rate <= 1:
            raise ValueError(f'`rate` must be in [0, 1], but got {rate}.')
        # Nine digits: the product with a count then fits into 64 bits.
        self._rate = Fraction(rate).limit_denominator(10**9)

    def select(self, logits: Tensor, observed: Tensor) -> Tensor:
        """Choose the entries to modify, and keep them in ``modified``.

        The loss of an unobserved entry is softplus(logit), so that ranking
        logits is ranking losses.

        Returns:
            Tensor: Bool ``(N, K)``.

        Raises:
            RuntimeError: In training, when no hook has set ``rate``.
        """
        if self.rate is None and self.training:
            raise RuntimeError(
                f'{type(self).__name__} has no `rate`: add '
                "dict(type='mmwsml.LargeLossScheduleHook', delta_rel=...) to "
                '`custom_hooks`, which sets it in every epoch.'
            )
        batch = self.batch
        if batch is not None and self.scope == 'rank':
            batch = batch.alone()
        self.modified = select_largest(
            logits,
            observed,
            self.rate or Fraction(0),
            self.percent_of,
            batch,
        )
        return self.modified
