"""Which run of a fit is kept: the head, or the trained network."""

import numpy as np

from mmwsml.evaluation.functional import average_precision_of_class
from mmwsml.evaluation.positive_unlabeled import roc_auc_of_class

from .fitted_folder import HEAD, NETWORK, FittedFolder
from .known_split import read_split
from .outcome import has_scores, measure, read_scores
from .verdict.statistics import spread


def choose_run(folder: FittedFolder) -> str:
    """Choose the network where it is surely better on validation.

    Better by more than the standard error of the difference on the same
    images, otherwise the head, which is the simpler: the one standard error
    rule of Breiman et al., Classification and Regression Trees (1984), 3.4.3.
    Of 70 images the better one is a coin's throw, and a network that was one
    point better on them was five worse on test images.

    Args:
        folder (FittedFolder): With the scores of the head.

    Returns:
        str: ``HEAD`` or ``NETWORK``.
    """
    if not has_scores(folder, NETWORK):
        return HEAD
    known = read_split(folder, 'val')
    of_class, counted = average_precision_of_class, known.observed
    if measure(folder, HEAD, 'val').name != 'mAP':
        of_class, counted = roc_auc_of_class, np.ones_like(known.observed)
    runs = [read_scores(folder, run, 'val') for run in (HEAD, NETWORK)]
    if not np.isfinite(runs[1]).all():
        return HEAD
    head, network = (
        spread(of_class, scores, known.positive, counted) for scores in runs
    )
    gain, error = network.value - head.value, network.drawn - head.drawn
    return NETWORK if gain > np.nanstd(error) else HEAD
