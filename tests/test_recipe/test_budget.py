import pytest

from mmwsml.recipe.budget import choose_epochs
from mmwsml.recipe.defaults import defaults_for

DEFAULTS = defaults_for(1600)


def test_a_budget_becomes_epochs():
    # An epoch: 100 steps of 0.1 s and what starts it, 12 s.
    assert choose_epochs(1, 0.1, 1600, DEFAULTS) == 4
    assert choose_epochs(1000, 0.1, 1600, DEFAULTS) == DEFAULTS.epochs
    with pytest.raises(ValueError, match=r'0\.25 is too small.* 0\.3'):
        choose_epochs(0.25, 0.1, 1600, DEFAULTS)
