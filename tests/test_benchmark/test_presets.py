"""What a preset runs."""

from pathlib import Path

import pytest

from mmwsml.benchmark.presets import PRESETS, plan_settings

CONFIGS = Path(__file__).parents[2] / 'configs'


def test_demo_runs_five_methods():
    settings = plan_settings('demo', CONFIGS)
    methods = [setting.leaf.method for setting in settings]
    assert methods == ['full', 'an', 'll-r', 'll-ct', 'll-cp']


def test_demo_all_runs_every_method_of_digit_scenes():
    settings = plan_settings('demo-all', CONFIGS)
    methods = [setting.leaf.method for setting in settings]
    found = CONFIGS.glob('*/*_digitnet_*_digitscenes-*.py')
    assert sorted(methods) == sorted({p.stem.split('_')[0] for p in found})


def test_coco18_trains_the_paper_s_methods_and_the_class_wise_end_to_end():
    settings = plan_settings('coco18', CONFIGS)
    assert {s.group for s in settings} == {('mobilenet-v2', 'coco18')}
    methods = {s.leaf.method for s in settings}
    large_loss = {'ll-r', 'll-ct', 'll-cp'}
    assert methods >= {'full', 'an', *large_loss}
    assert methods >= {f'{name}-cw' for name in large_loss}


@pytest.mark.parametrize('name', ['table1', 'table1-linearinit'])
def test_the_table_of_the_paper_has_every_cell(name):
    settings = plan_settings(name, CONFIGS)
    methods = PRESETS[name].methods
    cells = {(s.leaf.method, s.leaf.dataset) for s in settings}
    names = 'voc12', 'coco14', 'nusspml', 'cub'
    assert cells == {(m, n) for m in methods for n in names}
    assert len(settings) == len(cells) == 36
    linear = name.endswith('linearinit')
    assert {s.leaf.linear_init for s in settings} == {linear}


def test_open_images_has_every_method_of_the_paper():
    settings = plan_settings('openimages', CONFIGS)
    assert [s.leaf.method for s in settings] == [
        *PRESETS['openimages'].methods
    ]


def test_an_unknown_preset_is_refused():
    with pytest.raises(ValueError, match=r"one of demo, .*, but got 'dmo'"):
        plan_settings('dmo', CONFIGS)


def test_a_preset_without_configs_is_refused(tmp_path):
    with pytest.raises(ValueError, match='needs configs of mobilenet-v2-f'):
        plan_settings('features-all', tmp_path)
