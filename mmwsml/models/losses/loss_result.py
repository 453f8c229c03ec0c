"""What a loss gives back."""

from typing import NamedTuple, Optional

from torch import Tensor


class LossResult(NamedTuple):
    """A value to descend, and what the loss made of the labels."""

    #: Scalar.
    value: Tensor
    #: Unobserved entries that it did not treat as negative, bool ``(N, K)``;
    #: None of a loss that has none.
    modified: Optional[Tensor] = None
