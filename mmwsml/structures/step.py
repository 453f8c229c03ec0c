"""What is known of a training step beside its logits and labels."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Optional, Tuple

from torch import Tensor

from .global_batch import GlobalBatch


@dataclass(frozen=True)
class Step:
    """One step of N images and K classes, as a loss is told it.

    A head makes it of what it sees itself and of what hooks have told it. A
    loss says in ``reads`` what it looks at; on its own, in a test or a
    notebook, a loss that reads nothing needs none.
    """

    #: The N images among those of all processes; None: there are no others.
    batch: Optional[GlobalBatch] = None
    #: The epoch, from 1, and the number of epochs.
    progress: Optional[Tuple[int, int]] = None
    #: Share of the entries that a large loss modifies, in [0, 1].
    rate: Optional[Fraction] = None
    #: The same for each class, of its unobserved entries, float ``(K,)``.
    shares: Optional[Tensor] = None
    #: Whether nothing is modified yet, while thresholds follow the scores.
    warm_up: bool = False
    #: Scores that rank the entries in the place of the logits, float
    #: ``(N, K)``.
    ranking: Optional[Tensor] = None
    #: What the classes are read from, without gradient, ``(N, C)`` or a map
    #: ``(N, C, h, w)``.
    features: Optional[Tensor] = None
    #: Logits that a label store learns, float ``(N, K)``.
    estimate: Optional[Tensor] = None
