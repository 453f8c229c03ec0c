"""The one encoding of labels: lists of classes, turned into two matrices."""

from typing import NamedTuple, Optional, Sequence

import torch
from torch import Tensor


class Labels(NamedTuple):
    """Dense labels of a batch of N images and K classes."""

    #: Float ``(N, K)``: 1 for an observed positive, else 0.
    target: Tensor
    #: Bool ``(N, K)``: whether the label is annotated.
    observed: Tensor


def dense_labels(
    positives: Sequence[Tensor],
    negatives: Optional[Sequence[Tensor]],
    num_classes: int,
) -> Labels:
    """Turn the class lists of a batch into dense matrices.

    The matrices are built on the device of the lists, without waiting for it.

    Args:
        positives (Sequence[Tensor]): For each image its known positive
            classes, int64 ``(P_n,)``.
        negatives (Sequence[Tensor], optional): For each image its known
            negative classes, int64 ``(Q_n,)``; every class in neither list is
            unobserved. None: the labels are complete.
        num_classes (int): K.

    Returns:
        Labels: ``target`` float32 ``(N, K)``, ``observed`` bool ``(N, K)``.
    """
    shape = len(positives), num_classes
    is_positive = _mark(positives, shape)
    if negatives is None:
        observed = torch.ones_like(is_positive)
    else:
        observed = is_positive | _mark(negatives, shape).to(is_positive.device)
    return Labels(is_positive.float(), observed)


def _mark(lists: Sequence[Tensor], shape: tuple) -> Tensor:
    """Mark the listed classes of each row, bool ``shape``."""
    columns = torch.cat(list(lists)) if lists else torch.empty(0).long()
    counts = torch.tensor([len(row) for row in lists], dtype=torch.long)
    rows = torch.repeat_interleave(torch.arange(shape[0]), counts)
    marks = torch.zeros(shape, dtype=torch.bool, device=columns.device)
    marks[rows.to(columns.device), columns] = True
    return marks


def find_label_error(
    positives: Sequence[int], negatives: Sequence[int], num_classes: int
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
            return f'`{name}` must be a list of class indices, got {labels!r}'
        for label in labels:
            if type(label) is not int or not 0 <= label < num_classes:
                return (
                    f'`{name}` must hold integers in [0, {num_classes}), the '
                    f'indices of the classes, got {label!r}'
                )
    both = sorted(set(positives) & set(negatives))
    if both:
        return f'class {both[0]} is in `gt_label` and in `neg_label`'
    return None
