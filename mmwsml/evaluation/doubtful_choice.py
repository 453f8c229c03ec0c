"""Whether a choice by pu_AUC is one to doubt, and what tells."""

import math
from statistics import median
from typing import Optional, Sequence

#: Of the best pu_mAP: a choice that is short of it by more is in doubt.
SHORT = 0.01
#: Percent of images that show the usual one of two classes: more than a fair
#: choice has shown on any run of docs/evaluation.md (81 at most), and less
#: than a choice by the class (89 and more, but one run).
ONE_SIDED = 84
#: What is always to be known of a choice on partial truth.
MEASURED = (
    'Choosing the epoch on partial labels cost 0.1 to 0.2 points of test mAP '
    'on average, 3 at most, where docs/evaluation.md measured it with labels '
    'observed at random, and 0.2 to 2.4, 7 at most (a method: 10), where '
    'somebody chose them, which the labels do not always show.'
)


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


def tell_chosen_labels(shares: Sequence[float]) -> Optional[str]:
    """Say that labels are no fair choice among what images have.

    Args:
        shares (Sequence[float]): ``pu_one_sided`` of each validation, in
            percent; none where too few images tell.

    Returns:
        str | None: None where nothing shows it.
    """
    one_sided = median(shares) if len(shares) else 0
    if one_sided <= ONE_SIDED:
        return None
    return (
        'The labels look chosen by their class, such as the most frequent or '
        'the first of a list: where an image may have two classes, it shows '
        f'the same one in {one_sided:.0f} % of the cases (at most 81 % where '
        'labels were observed at random). Then pu_AUC and pu_mAP judge this '
        'choice, the chosen model may be several points of mAP worse than '
        'the best (docs/evaluation.md), and estimated frequencies are wrong. '
        'Complete labels of some images would tell; '
        'tools/analysis/sample_for_review.py draws which.'
    )


def _is(value: float) -> bool:
    return not math.isnan(value)
