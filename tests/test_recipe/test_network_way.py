import pytest

import mmwsml
from mmwsml.recipe.backbone import Backbone
from mmwsml.recipe.defaults import defaults_for
from mmwsml.recipe.network_way import (
    check_method,
    has_norm_eval,
    network_way,
)

DEFAULTS = defaults_for(1600)


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


def test_a_pre_trained_network_keeps_its_first_layers():
    base = mmwsml.config_path('_base_/models/mobilenet-v2')
    backbone = Backbone('mobilenet-v2', base, dict(checkpoint='x.pth'))
    way = network_way('ll-r-cw', 3, backbone, DEFAULTS, 1600, True, 1.5)
    assert way.backbone == dict(norm_eval=True, frozen_stages=3)
    schedule, average, made, _ = way.settings['custom_hooks']
    assert schedule['kappa'] == 1.5 and made['learn_validation']
    assert average['momentum'] == pytest.approx(2.4 / 300)
    assert way.settings['train_cfg']['max_epochs'] == 4
    assert way.crops


@pytest.mark.parametrize(
    'number, rate', [(276, 1e-4), (1200, 1e-4), (2400, 8e-5), (4800, 4e-5)]
)
def test_the_rate_falls_from_no_more_than_is_good(number, rate):
    base = mmwsml.config_path('_base_/models/mobilenet-v2')
    backbone = Backbone('mobilenet-v2', base, dict(checkpoint='x.pth'))
    defaults = defaults_for(number)
    way = network_way('ll-r-cw', 3, backbone, defaults, number, True)
    assert way.settings['optim_wrapper']['optimizer']['lr'] == rate


def test_a_network_from_nothing_learns_all_its_layers():
    base = mmwsml.config_path('_base_/models/digitnet')
    backbone = Backbone('digitnet', base, dict(checkpoint='x'), True)
    defaults = defaults_for(1600, 'DigitNet', False)
    way = network_way('an', 3, backbone, defaults, 1600, False)
    assert way.backbone == {} and not way.crops
    assert [x['type'] for x in way.settings['custom_hooks']] == [
        'mmwsml.MultinomialDiscriminantHook',
        'mmwsml.RecordHook',
    ]
    assert way.settings['param_scheduler'] is None
