"""The one encoding of labels: lists of classes, turned into two matrices."""

from typing import Any, NamedTuple, Optional, Sequence

import torch
from torch import Tensor

from .short_value import short_value
from .transfer import upload


class Labels(NamedTuple):
    """Dense labels of a batch of N images and K classes."""

    #: Float ``(N, K)``: 1 for an observed positive, 0 for an observed
    #: negative. Of an unobserved label the probability that a label store
    #: estimates, in (0, 1], or 0 where none does.
    target: Tensor
    #: Bool ``(N, K)``: whether the label is annotated.
    observed: Tensor


def dense_labels(
    positives: Sequence[Tensor],
    negatives: Optional[Sequence[Tensor]],
    num_classes: int,
    device: Optional[torch.device] = None,
) -> Labels:
    """Turn the class lists of a batch into dense matrices.

    Nothing waits for the device: what lies on the CPU is copied beside it.

    Args:
        positives (Sequence[Tensor]): For each image its known positive
            classes, int64 ``(P_n,)``.
        negatives (Sequence[Tensor], optional): For each image its known
            negative classes, int64 ``(Q_n,)``; every class in neither list is
            unobserved. None: the labels are complete.
        num_classes (int): K.
        device (torch.device, optional): Of the result. Defaults to None, the
            device of ``positives``.

    Returns:
        Labels: ``target`` float32 ``(N, K)``, ``observed`` bool ``(N, K)``.
    """
    shape = len(positives), num_classes
    is_positive = _mark(positives, shape, device)
    if negatives is None:
        observed = torch.ones_like(is_positive)
    else:
        observed = is_positive | _mark(negatives, shape, is_positive.device)
    return Labels(is_positive.float(), observed)


def _mark(
    lists: Sequence[Tensor], shape: tuple, device: Optional[torch.device]
) -> Tensor:
    """Mark the listed classes of each row, bool ``shape``."""
    columns = torch.cat(list(lists)) if lists else torch.empty(0).long()
    device = columns.device if device is None else device
    counts = torch.tensor([len(row) for row in lists], dtype=torch.long)
    rows = torch.repeat_interleave(torch.arange(shape[0]), counts)
    marks = torch.zeros(shape, dtype=torch.bool, device=device)
    marks[upload(rows, device), upload(columns, device)] = True
    return marks


def find_label_error(
    positives: Any, negatives: Any, num_classes: int
) -> Optional[str]:
    """Say what is wrong with the labels of one image, if anything is.

    Args:
        positives (Sequence[int]): Known positive classes.
        negatives (Sequence[int]): Known negative classes.
        num_classes (int): K; a class is an integer in [0, K).

    Returns:
        str | None: The broken rule and the value, or None.
    """
    for name, labels in (('gt_label', positives), ('neg_label', negatives)):
        if not isinstance(labels, (list, tuple)):
            got = short_value(labels)
            return f'`{name}` must be a list of class indices, got {got}'
        for label in labels:
            if type(label) is not int or not 0 <= label < num_classes:
                return (
                    f'`{name}` must hold integers in [0, {num_classes}), the '
                    f'indices of the classes, got {short_value(label)}'
                )
        if len(set(labels)) < len(labels):
            got = short_value(labels)
            return f'`{name}` must name a class once, got {got}'
    both = sorted(set(positives) & set(negatives))
    if both:
        return f'class {both[0]} is in `gt_label` and in `neg_label`'
    return None


def find_contradiction(
    positives: Sequence[int], negatives: Sequence[int], info: dict
) -> Optional[str]:
    """Say which observed label the labels of an image contradict, if any.

    Args:
        positives (Sequence[int]): Observed positive classes.
        negatives (Sequence[int]): Observed negative classes.
        info (dict): The image: ``sample_id``, ``gt_label`` and, where its
            labels are partial, ``neg_label``; without it they are complete.

    Returns:
        str | None: The image, the class and what it was observed as, or None.
    """
    present = {int(label) for label in info['gt_label']}
    if 'neg_label' in info:
        absent = {int(label) for label in info['neg_label']} & set(positives)
    else:
        absent = set(positives) - present
    for kind, wrong in (
        ('present', absent),
        ('absent', present.intersection(negatives)),
    ):
        if wrong:
            return (
                f'class {min(wrong)} was observed as {kind} in '
                f'{info["sample_id"]}, but its data set says the contrary'
            )
    return None
