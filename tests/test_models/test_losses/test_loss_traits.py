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
    'modifies': {
        'LargeLoss',
        'LargeLossCorrection',
        'LargeLossRejection',
        'PartialAsymmetric',
        'SelfPacedCorrection',
    },
    'corrects': {'LargeLossCorrection'},
    'takes_soft': set(),  # EntropyMaximization does, where it has a beta
}


@pytest.mark.parametrize('trait', TRAITS)
def test_a_trait_is_said_by_those_that_have_it(trait):
    names = set(losses.__all__) - {'LossResult'}
    said = {n for n in names if getattr(getattr(losses, n), trait)}
    assert said == TRAITS[trait]


#: Fields of the step that a class reads; the large losses follow their
#: selection.
READS = {
    'GeneralizedRobust': ('progress',),
    'InteractiveMultiLabel': ('features',),
    'RegularizedOnlineLabelEstimation': ('estimate',),
    'SelfPacedCorrection': ('progress',),
}


def test_a_loss_names_what_it_reads():
    kinds = {name: getattr(losses, name) for name in losses.__all__}
    del kinds['LossResult']
    reads = {name: kind.reads for name, kind in kinds.items() if kind.reads}
    assert reads == READS


@pytest.mark.parametrize(
    'selection, field',
    [('TopKSelection', 'rate'), ('ClassWiseSelection', 'shares')],
)
def test_a_large_loss_reads_what_its_selection_does(selection, field):
    loss = losses.LargeLoss(dict(type=f'mmwsml.{selection}'))
    assert loss.reads == ('ranking', field)


def test_entropy_maximization_takes_soft_labels_where_they_weigh():
    assert not losses.EntropyMaximization(0.2).takes_soft
    assert losses.EntropyMaximization(0.2, beta=0.5).takes_soft
