"""Tables of published runs."""

from pathlib import Path

import pytest

from mmwsml.benchmark.model_zoo.comparison import Comparison

ROOT = Path(__file__).parents[3]
CT = 'll-ct_digitnet_1xb16-adam-15e_digitscenes-1pos'


def _result(test):
    return dict(test=test, best=test, last=test, best_step=3)


def test_what_is_varied_is_read_across():
    runs = {(CT, 0): _result(95)}
    for value, test in ((0.5, 89), (5, 80), (0.2, 84), (2, 90)):
        runs[f'{CT}--delta_rel-{value}', 0] = _result(test)
    table = Comparison(ROOT / 'configs', runs).make_table(
        'delta-rel/digitscenes'
    )
    head, _, *lines = table.splitlines()
    values = '0.2 % | 0.5 % | 1 % | 2 % | 5 %'
    assert head == f'| test mAP, by delta_rel | {values} |'
    assert lines == ['| ll-ct | 84.0 | 89.0 | 95.0 | 90.0 | 80.0 |']


@pytest.mark.parametrize('name', ['demo/coco18', 'small-data/voc12'])
def test_a_table_without_runs_is_refused(name):
    runs = {(CT, 0): _result(95)}
    with pytest.raises(ValueError, match=f"but got '{name}'"):
        Comparison(ROOT / 'configs', runs).make_table(name)


def test_an_unknown_preset_is_refused():
    with pytest.raises(ValueError, match='The preset must be one of'):
        Comparison(ROOT / 'configs', {}).make_table('x/coco18')
