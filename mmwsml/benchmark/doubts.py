"""What to doubt of a table whose epochs and methods pu_AUC has chosen."""

from typing import List, Sequence

from mmwsml.evaluation.doubtful_choice import (
    MEASURED,
    is_doubtful,
    tell_chosen_labels,
)

from .collect import Row

EPOCHS = (
    'In doubt: pu_mAP finds another epoch better than the one that pu_AUC '
    'chose, of\n{}. docs/evaluation.md says how often such a choice costs '
    'points of mAP.\n'
)
METHODS = (
    'In doubt: {} has the best pu_AUC, {} the best pu_mAP; labels alone do '
    'not tell\nwhich is the better method.\n'
)


def tell_doubts(rows: Sequence[Row]) -> List[str]:
    """Say which choices of a table pu_mAP contradicts.

    Args:
        rows (Sequence[Row]): Of one backbone and data set.

    Returns:
        list[str]: Lines for its caption; first what such choices cost.
    """
    found = [f'{MEASURED}\n']
    shares = [share for row in rows for share in row.one_sided]
    chosen_labels = tell_chosen_labels(shares)
    if chosen_labels is not None:
        found.append(f'{chosen_labels}\n')
    epochs = [
        f'{row.setting.label} (seed {", ".join(map(str, row.doubtful))})'
        for row in rows
        if row.doubtful
    ]
    if epochs:
        found.append(EPOCHS.format(', '.join(epochs)))
    told = [row for row in rows if row.rival is not None]
    if told:
        chosen = max(told, key=lambda row: row.best.mean)
        best = max(told, key=lambda row: row.rival or 0)
        if is_doubtful(chosen.rival or 0, best.rival or 0):
            names = chosen.setting.label, best.setting.label
            found.append(METHODS.format(*names))
    return found
