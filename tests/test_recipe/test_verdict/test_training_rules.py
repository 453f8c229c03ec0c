import numpy as np
import pytest

from mmwsml.recipe.verdict.evidence import Evidence
from mmwsml.recipe.verdict.facts import Facts, SplitFacts
from mmwsml.recipe.verdict.training_rules import diverged, trend

MARKS = np.eye(4, 2) > 0
PART = SplitFacts(tuple('abcd'), MARKS, np.ones_like(MARKS))


@pytest.mark.parametrize(
    ('curve', 'expected'),
    [
        ([10, 20, 30, 40, 50], ['rising']),
        ([10, 30, 31, 30.9, 31, 30.95], []),
        ([30, 50, 49, 40, 33, 30], ['past_best']),
        ([10, 20, 30], []),  # too short
        ([10, 20, float('nan'), 30, 40], []),
    ],
)
def test_a_curve_is_told(curve, expected):
    validation = dict(enumerate(curve, 1))
    facts = Facts(('x', 'y'), dict(train=PART), validation=validation)
    assert [x.about for x in trend(Evidence(facts))] == expected


def test_training_that_diverged_is_told():
    facts = Facts(('x', 'y'), dict(train=PART), diverged=True)
    (found,) = diverged(Evidence(facts))
    assert 'The head on frozen features was kept' in found.sentence
    assert list(diverged(Evidence(Facts(('x', 'y'), dict(train=PART))))) == []
