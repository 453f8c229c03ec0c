"""What each loss says of itself, which heads, hooks and stores rely on."""

import pytest

from mmwsml.models import losses

#: Those that say yes; every other loss says no.
TRAITS = {
    'needs_negatives': {
        'IgnoreUnobserved',
        'InteractiveMultiLabel',
        'PartialBCE',
    },
    'needs_features': {'InteractiveMultiLabel'},
    'modifies': {
        'LargeLoss',
        'LargeLossCorrection',
        'LargeLossRejection',
        'PartialAsymmetric',
        'SelfPacedCorrection',
    },
    'corrects': {'LargeLossCorrection'},
    'takes_soft': set(),  # EntropyMaximization does, where it has a beta
    'takes_estimates': {'RegularizedOnlineLabelEstimation'},
}


@pytest.mark.parametrize('trait', TRAITS)
def test_a_trait_is_said_by_those_that_have_it(trait):
    said = {n for n in losses.__all__ if getattr(getattr(losses, n), trait)}
    assert said == TRAITS[trait]


def test_entropy_maximization_takes_soft_labels_where_they_weigh():
    assert not losses.EntropyMaximization(0.2).takes_soft
    assert losses.EntropyMaximization(0.2, beta=0.5).takes_soft
