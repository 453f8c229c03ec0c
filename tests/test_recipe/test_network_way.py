import pytest

import mmwsml
from mmwsml.recipe.defaults import defaults_for
from mmwsml.recipe.network_way import (
    check_method,
    choose_epochs,
    has_norm_eval,
    network_way,
)

DEFAULTS = defaults_for(1600)


def test_a_budget_becomes_epochs():
    # An epoch: 100 steps of 0.1 s and what starts it, 12 s.
    assert choose_epochs(1, 0.1, 1600, DEFAULTS) == 4
    assert choose_epochs(1000, 0.1, 1600, DEFAULTS) == DEFAULTS.epochs
    with pytest.raises(ValueError, match=r'0\.25 is too small.* 0\.3'):
        choose_epochs(0.25, 0.1, 1600, DEFAULTS)


def test_a_method_needs_a_budget():
    check_method(None, 0)
    check_method('an', 1)
    with pytest.raises(ValueError, match='--budget MINUTES'):
        check_method('an', 0)
    with pytest.raises(ValueError, match=r"must be .*'ll-r-cw'"):
        check_method('best', 1)


@pytest.mark.parametrize(
    'name, has', [('mobilenet-v2', True), ('digitnet', False)]
)
def test_norms_keep_their_statistics_where_they_can(name, has):
    base = mmwsml.config_path(f'_base_/models/{name}')
    assert has_norm_eval(base) == has
    way = network_way('ll-r-cw', 3, base, DEFAULTS, True, 1.5)
    assert way.backbone == (dict(norm_eval=True) if has else {})
    schedule, made, _ = way.settings['custom_hooks']
    assert schedule['kappa'] == 1.5 and made['learn_validation']
    assert way.settings['train_cfg']['max_epochs'] == 4
