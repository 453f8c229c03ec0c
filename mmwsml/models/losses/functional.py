"""Selection of the largest losses, as a pure function of tensors."""

import math
from fractions import Fraction
from typing import Optional

import torch
from torch import Tensor

PERCENT_OF = ('unobserved', 'all')


def select_largest(
    logits: Tensor,
    observed: Tensor,
    rate: Fraction,
    percent_of: str = 'unobserved',
    sample_keys: Optional[Tensor] = None,
) -> Tensor:
    """Mark exactly k unobserved entries, those of the largest logits.

    k is ``rate`` of the entries, rounded up, and at most the number of
    unobserved ones. Entries of equal logits are taken in the order of their
    image's key, then of their class, whatever the order of the batch. Nothing
    waits for the device: the number of unobserved entries stays on it.

    Args:
        logits (Tensor): Class scores before sigmoid, float ``(N, K)``.
        observed (Tensor): Entries that are never marked, bool ``(N, K)``.
        rate (Fraction): In [0, 1], exact.
        percent_of (str): ``rate`` counts ``'unobserved'`` or ``'all'``
            entries. Defaults to 'unobserved'.
        sample_keys (Tensor, optional): Order of the images among equal
            logits, int64 ``(N,)``. Defaults to None, their place in the batch.

    Returns:
        Tensor: Bool ``(N, K)`` with k times True.
    """
    num_entries = logits.numel()
    most = math.ceil(rate * num_entries)  # k is never larger, known here
    if most == 0:
        return torch.zeros_like(observed)
    num_unobserved = num_entries - observed.sum()
    if percent_of == 'all':
        k = num_unobserved.clamp(max=most)
    else:  # ceil(rate * num_unobserved) in exact integers
        p, q = rate.numerator, rate.denominator
        k = (num_unobserved * p + q - 1).div(q, rounding_mode='floor')
    if sample_keys is None:
        return _largest(logits, observed, most, k)
    order = sample_keys.argsort(stable=True)
    selected = torch.empty_like(observed)
    selected[order] = _largest(logits[order], observed[order], most, k)
    return selected


def _largest(logits: Tensor, observed: Tensor, most: int, k: Tensor) -> Tensor:
    """Mark the k largest unobserved logits, the first among equal ones."""
    candidate = logits.masked_fill(observed, -math.inf)
    top = candidate.flatten().topk(most).values
    threshold = top.gather(0, (k - 1).clamp(min=0)[None])
    above = candidate > threshold
    equal = (candidate == threshold) & ~observed
    rank = equal.flatten().cumsum(0).view_as(equal)  # from 1, row by row
    return (above | (equal & (rank <= k - above.sum()))) & (k > 0)
