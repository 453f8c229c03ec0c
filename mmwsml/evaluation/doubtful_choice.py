"""Whether a choice by pu_AUC is one to doubt, by what pu_mAP says of it."""

import math
from typing import Optional, Sequence

#: Of the best pu_mAP: a choice that is short of it by more is in doubt.
SHORT = 0.01


def is_doubtful(chosen: float, best: float) -> bool:
    """Say whether the model of the best pu_AUC is to be doubted.

    What chooses by pu_AUC ranks all images, an mAP mostly the first ones;
    where pu_mAP sees a better model, the two may differ.

    Args:
        chosen (float): pu_mAP of the chosen model.
        best (float): The best pu_mAP of all models.
    """
    return chosen < (1 - SHORT) * best


def tell_doubt(
    aucs: Sequence[float], precisions: Sequence[float]
) -> Optional[str]:
    """Say that the choice among the models of a run is in doubt.

    Args:
        aucs (Sequence[float]): pu_AUC of each, in percent, in their order.
        precisions (Sequence[float]): pu_mAP of each, in percent.

    Returns:
        str | None: None where there is no doubt, or nothing to choose from.
    """
    pairs = [pair for pair in zip(aucs, precisions) if all(map(_is, pair))]
    if not pairs:
        return None
    auc, chosen = max(pairs, key=lambda pair: pair[0])
    best = max(precision for _, precision in pairs)
    if not is_doubtful(chosen, best):
        return None
    return (
        f'The best pu_AUC, {auc:.2f}, has a pu_mAP of {chosen:.2f}, but that '
        f'of another validation was {best:.2f}: the two disagree on which '
        'model is best, and the choice may cost some points of mAP '
        '(docs/evaluation.md says how often). Complete labels of some images '
        'would tell; tools/analysis/sample_for_review.py draws which.'
    )


def _is(value: float) -> bool:
    return not math.isnan(value)
