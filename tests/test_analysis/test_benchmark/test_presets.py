"""What a preset runs."""

from pathlib import Path

import pytest

from mmwsml.analysis.benchmark.presets import (
    PRESETS,
    choose_methods,
    plan_settings,
)

CONFIGS = Path(__file__).parents[3] / 'configs'


def test_demo_runs_five_methods():
    settings = plan_settings('demo', CONFIGS)
    methods = [setting.leaf.method for setting in settings]
    assert methods == ['full', 'an', 'll-r', 'll-ct', 'll-cp']


def test_demo_all_runs_every_method_of_digit_scenes():
    settings = plan_settings('demo-all', CONFIGS)
    methods = [setting.leaf.method for setting in settings]
    found = CONFIGS.glob('*/*_digitnet_*_digitscenes-*.py')
    assert sorted(methods) == sorted({p.stem.split('_')[0] for p in found})


def test_delta_rel_overrides_the_hook_wherever_it_stands(fake_root):
    path = next((fake_root / 'configs' / 'll-r').glob('*.py'))
    text = path.read_text()
    path.write_text(text.replace('= [', "= [dict(type='Other'), "))
    settings = plan_settings('delta-rel', fake_root / 'configs')
    of_r = [s for s in settings if s.leaf.method == 'll-r']
    assert [s.label for s in of_r] == [
        f'll-r delta_rel {value:g}' for value in PRESETS['delta-rel'].delta_rel
    ]
    assert of_r[0].options == ('custom_hooks.1.delta_rel=0.2',)
    assert of_r[0].folder == f'{path.stem}--delta_rel-0.2'


def test_the_value_of_the_config_shares_the_folder_of_the_plain_run(fake_root):
    settings = plan_settings('delta-rel', fake_root / 'configs')
    plain = plan_settings('demo', fake_root / 'configs')
    shared = {s.folder for s in settings} & {s.folder for s in plain}
    assert shared == {s.folder for s in plain}


def test_an_unknown_preset_is_refused():
    with pytest.raises(ValueError, match=r"one of demo, .*, but got 'dmo'"):
        plan_settings('dmo', CONFIGS)


def test_a_preset_without_configs_is_refused(tmp_path):
    with pytest.raises(ValueError, match='needs configs of mobilenet-v2-f'):
        plan_settings('features-all', tmp_path)


def test_an_unknown_method_is_refused(make_setting):
    settings = [make_setting('an'), make_setting('full')]
    assert choose_methods(settings, None) == settings
    assert choose_methods(settings, ['full']) == settings[1:]
    with pytest.raises(ValueError, match='an, full in this preset'):
        choose_methods(settings, ['an', 'x'])
