"""Selection of the largest losses, as a function of tensors."""

from fractions import Fraction
from functools import partial
from typing import Any, Callable, Optional

import numpy as np
import torch
from torch import Tensor

from mmwsml.structures import GlobalBatch, upload

PERCENT_OF = ('unobserved', 'all')
EXCLUDED = -(2**63)  # the code of an entry that cannot be selected
STRIDE = 61  # of the entries that guess a threshold; a prime, for all classes
SMALL = 2**14  # entries that are not worth a guess


def select_largest(
    logits: Tensor,
    observed: Tensor,
    rate: Fraction,
    percent_of: str = 'unobserved',
    batch: Optional[GlobalBatch] = None,
) -> Tensor:
    """Mark exactly k unobserved entries, those of the largest logits.

    k is ``rate`` of the entries of the global batch, rounded up, and at most
    the number of unobserved ones. Entries of equal logits (in float32) are
    taken in the order of the hash of their image, then of their class: what
    is marked does not depend on the order of the batch or on how the images
    are spread over processes. NaN and infinite logits are never marked. On a
    GPU nothing waits for the device.

    Args:
        logits (Tensor): Class scores before sigmoid, float ``(N, K)``.
        observed (Tensor): Entries that are never marked, bool ``(N, K)``.
        rate (Fraction): In [0, 1], exact.
        percent_of (str): ``rate`` counts ``'unobserved'`` or ``'all'``
            entries. Defaults to 'unobserved'.
        batch (GlobalBatch, optional): The N images among those of all
            processes, which take part with theirs. Defaults to None: there
            are no others, and equal logits follow their place in the batch.

    Returns:
        Tensor: Bool ``(N, K)``; True k times over all processes, fewer only
        where fewer logits are finite.
    """
    num_images = len(logits) if batch is None else batch.num_images
    most = _round_up(num_images * logits.shape[1], rate)  # k is no larger
    if most == 0:
        return torch.zeros_like(observed)
    count = partial(_count, rate=rate, percent_of=percent_of, most=most)
    select = _on_host if logits.device.type == 'cpu' else _on_device
    return select(logits.detach().float(), observed, most, count, batch)


def _round_up(count: Any, rate: Fraction) -> Any:
    """Multiply an integer, or a tensor of one, in exact integers."""
    return (
        count * rate.numerator + (rate.denominator - 1)
    ) // rate.denominator


def _count(
    num_unobserved: Any, rate: Fraction, percent_of: str, most: int
) -> Any:
    """Compute k, an integer or a tensor as ``num_unobserved`` is."""
    if percent_of == 'unobserved':
        return _round_up(num_unobserved, rate)
    lack = num_unobserved - most
    # The smaller one; `lack >> 63` is -1 (all bits) below 0, else 0, of an
    # integer and of a tensor on any device.
    return most + (lack & (lack >> 63))


def _encode(bits: Any, place: Any) -> Any:
    """Order entries by one integer: the larger, the earlier selected.

    Args:
        bits (ndarray | Tensor): Of the float32 logits, as int64.
        place (ndarray | Tensor): Of an entry among equal logits, in [0,
            2^32), distinct.

    Returns:
        ndarray | Tensor: int64, distinct: the logit above, the place below.
    """
    ordered = bits ^ ((bits >> 31) & 0x7FFFFFFF)  # floats order as integers
    return (ordered << 32) + (0xFFFFFFFF - place)


def _on_host(
    logits: Tensor,
    observed: Tensor,
    most: int,
    count: Callable,
    batch: Optional[GlobalBatch],
) -> Tensor:
    """Select on a CPU, where looking at a value costs nothing."""
    flat, excluded = logits.numpy().ravel(), observed.numpy().ravel()
    num_unobserved = flat.size - np.count_nonzero(excluded)
    k = count(num_unobserved)
    alone = batch is None or len(batch.sizes) == 1
    entries = _shortlist(flat, excluded, k if alone else most)
    if not alone or len(entries) > k:
        rows, classes = np.divmod(entries, logits.shape[1])
        rows = rows if batch is None else batch.places[rows]
        # Adding 0 makes -0 equal to 0.
        bits = (flat[entries] + 0).view(np.int32).astype(np.int64)
        codes = _encode(bits, rows * logits.shape[1] + classes)
        own = codes
        if len(codes) > most:
            own = np.partition(codes, -most)[-most:]
        total = torch.tensor(num_unobserved)
        last = _last_code(
            torch.from_numpy(own), total, most, count, batch, logits.shape[1]
        )
        entries = entries[codes >= last.numpy()]
    selected = np.zeros(flat.size, bool)
    selected[entries] = True
    return torch.from_numpy(selected.reshape(logits.shape))


def _shortlist(logits: np.ndarray, excluded: np.ndarray, k: int) -> np.ndarray:
    """List the k largest entries and all that are equal to the last of them.

    In a large matrix, every 61st entry tells a threshold that leaves few to
    look at: if enough are not below it, nothing larger was missed.
    """
    if k == 0 or not logits.size:
        return np.empty(0, np.int64)
    if logits.size > SMALL:
        rank = 8 + 2 * (k + int(np.count_nonzero(excluded))) // STRIDE
        sample = logits[::STRIDE]
        first = max(0, len(sample) - rank)
        guess = np.partition(sample, first)[first]
        entries = np.flatnonzero(logits >= guess)
        entries = entries[~excluded[entries]]
        chosen = _find_largest(logits[entries], k)
        if chosen is not None:
            return entries[chosen]
    values = np.where(excluded, -np.inf, logits)
    chosen = _find_largest(values, k)
    if chosen is not None:
        return chosen
    # Equal ones, fewer than k, or numbers that are none.
    values[~np.isfinite(values)] = -np.inf
    first = max(0, len(values) - k)
    last = np.partition(values, first)[first]
    return np.flatnonzero((values >= last) & (values > -np.inf))


def _find_largest(values: np.ndarray, k: int) -> Optional[np.ndarray]:
    """Find the k largest values, if they are finite and no other is equal."""
    first = len(values) - k
    if first < 1:
        return None
    order = values.argpartition((first - 1, first, len(values) - 1))
    before, last, largest = values[order[[first - 1, first, -1]]]
    return order[first:] if before < last and largest < np.inf else None


def _on_device(
    logits: Tensor,
    observed: Tensor,
    most: int,
    count: Callable,
    batch: Optional[GlobalBatch],
) -> Tensor:
    """Select where the host must not wait: every shape is known before."""
    num_images, num_classes = logits.shape
    places = np.arange(num_images) if batch is None else batch.places
    rows = upload(torch.from_numpy(places), logits.device)
    classes = torch.arange(num_classes, device=logits.device)
    bits = (logits + 0).view(torch.int32).long()  # -0 becomes 0
    codes = _encode(bits, rows[:, None] * num_classes + classes)
    allowed = ~observed & logits.isfinite()
    codes = codes.masked_fill(~allowed, EXCLUDED)
    own = codes.flatten()
    if batch is not None and len(batch.sizes) > 1:  # the fewer to send
        own = own.topk(min(most, len(own))).values
    total = (~observed).sum()
    last = _last_code(own, total, most, count, batch, num_classes)
    return (codes >= last) & allowed


def _last_code(
    own: Tensor,
    num_unobserved: Tensor,
    most: int,
    count: Callable,
    batch: Optional[GlobalBatch],
    num_classes: int,
) -> Tensor:
    """Find the code of the k-th entry of all processes.

    Each process sends its own ``most`` largest codes, 8 bytes each, and its
    number of unobserved entries.

    Args:
        own (Tensor): Codes here that hold the ``most`` largest, int64
            ``(M,)``; with other processes M <= ``most``.
        num_unobserved (Tensor): Unobserved entries here, int64 scalar.
        most (int): Bound of k that the host knows.
        count (Callable): From the unobserved entries of all to k.
        batch (GlobalBatch, optional): The images of all processes.
        num_classes (int): K.

    Returns:
        Tensor: int64 scalar.
    """
    if batch is not None and len(batch.sizes) > 1:
        length = min(most, max(batch.sizes) * num_classes)  # equal on all
        packet = own.new_full((length + 1,), EXCLUDED)
        packet[: len(own)] = own
        packet[-1] = num_unobserved
        packets = batch.gather(packet)
        num_unobserved = packets[:, -1].sum()
        own = packets[:, :-1].flatten()
    own = own.topk(min(most, len(own))).values
    k = count(num_unobserved).clip(max=len(own))
    return own.gather(0, (k - 1).clip(min=0)[None])[0]
