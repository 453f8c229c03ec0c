"""What each label store says of itself, which heads and hooks rely on."""

import pytest

from mmwsml.models import label_stores

STORES = (
    'CurriculumLabels',
    'LabelEstimates',
    'LabelMemory',
    'LabelStore',
    'SoftLabels',
    'ThresholdMemory',
)
#: Those that say yes; every other store says no.
TRAITS = {
    'stateful': set(STORES) - {'LabelStore'},
    'keeps_modified': {'LabelMemory'},
    'needs_labels': {'LabelEstimates', 'SoftLabels', 'ThresholdMemory'},
    'gives_soft': {'SoftLabels'},
    'gives_estimates': {'LabelEstimates'},
}


@pytest.mark.parametrize('trait', TRAITS)
def test_a_trait_is_said_by_those_that_have_it(trait):
    said = {n for n in STORES if getattr(getattr(label_stores, n), trait)}
    assert said == TRAITS[trait]
