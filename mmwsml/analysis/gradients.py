"""Which labels a loss pushes, and where: at logits that a run recorded."""

from typing import NamedTuple, cast

import numpy as np
import torch
from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step

from ..records import Records


class Pushes(NamedTuple):
    """Sums of gradients; the pull on the observed positives is 1."""

    #: Down on true negatives, where it belongs.
    negatives_down: float
    #: Up on true negatives.
    negatives_up: float
    #: Down on hidden positives.
    hidden_down: float

    @property
    def wrong_share(self) -> float:
        """Return the share of what goes down that hits hidden positives."""
        down = self.negatives_down + self.hidden_down
        return self.hidden_down / down if down else float('nan')


class RecordedLogits(NamedTuple):
    """The logits of an epoch, as the losses tell them."""

    #: Float32 ``(n, K)``, of the images that the epoch showed.
    logits: Tensor
    #: Observed positives, bool ``(n, K)``.
    observed: Tensor
    #: Hidden positives, bool ``(n, K)``.
    hidden: Tensor


def read_logits(records: Records, epoch: int) -> RecordedLogits:
    """Turn recorded losses back into logits.

    Args:
        records (Records): With the loss of every entry and known truth.
        epoch (int): From 1.

    Raises:
        ValueError: If the run did not record the epoch, the losses or what
            is true, or knows negatives.
    """
    if epoch not in records.epochs:
        raise ValueError(
            f'{records.run} has no whole record of epoch {epoch}, but of '
            f'{list(records.epochs)}: choose one of these.'
        )
    if 'FN' not in records.kinds or records.images.negatives.classes.size:
        raise ValueError(
            f'{records.run} must know its hidden positives and observe '
            'positives alone: take a run whose transform hides labels.'
        )
    rows = np.flatnonzero(records.epochs[epoch].seen)
    losses = torch.from_numpy(records.epochs[epoch].losses[rows]).float()
    kinds = torch.from_numpy(records.images.kinds_of(rows))
    observed = kinds == records.kinds.index('TP')
    logits = losses.clamp(min=1e-7).expm1().log()  # of softplus
    return RecordedLogits(
        torch.where(observed, -logits, logits),
        observed,
        kinds == records.kinds.index('FN'),
    )


def measure_pushes(loss: dict, recorded: RecordedLogits) -> Pushes:
    """Measure where a loss would push at these logits.

    Args:
        loss (dict): Config of a loss that needs no state.
        recorded (RecordedLogits): All images count as one batch.
    """
    module = MODELS.build(loss)
    logits = recorded.logits.clone().requires_grad_()
    target, step = recorded.observed.float(), Step(progress=(1, 10))
    module(logits, target, recorded.observed, step).value.backward()
    grad = cast(Tensor, logits.grad)
    pull = -grad[recorded.observed].sum()
    negative = grad[~recorded.observed & ~recorded.hidden]
    sums = (
        negative.clamp(min=0).sum(),
        (-negative).clamp(min=0).sum(),
        grad[recorded.hidden].clamp(min=0).sum(),
    )
    return Pushes(*((pushed / pull).item() for pushed in sums))
