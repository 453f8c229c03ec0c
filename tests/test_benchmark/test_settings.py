"""What is varied of a config."""

import pytest

from mmwsml.benchmark.presets import plan_settings
from mmwsml.benchmark.settings import choose, config_of


def test_delta_rel_overrides_the_hook_wherever_it_stands(fake_root):
    path = next((fake_root / 'configs' / 'll-r').glob('*.py'))
    text = path.read_text()
    path.write_text(text.replace('= [', "= [dict(type='Other'), "))
    settings = plan_settings('delta-rel', fake_root / 'configs')
    of_r = [s for s in settings if s.leaf.method == 'll-r']
    values = [0.2, 0.5, 1, 2, 5]
    assert [s.label for s in of_r] == [f'll-r delta_rel {v:g}' for v in values]
    assert of_r[0].options == ('custom_hooks.1.delta_rel=0.2',)
    assert of_r[0].folder == f'{path.stem}--delta_rel-0.2'


@pytest.mark.parametrize('preset', ['delta-rel', 'small-data'])
def test_what_changes_nothing_shares_the_folder_of_the_plain_run(
    preset, fake_root
):
    settings = plan_settings(preset, fake_root / 'configs')
    plain = plan_settings('demo', fake_root / 'configs')
    shared = {s.folder for s in settings} & {s.folder for s in plain}
    assert shared == {s.folder for s in plain}


def test_every_method_is_trained_on_each_share_of_the_images(fake_root):
    settings = plan_settings('small-data', fake_root / 'configs')
    full = [s for s in settings if s.leaf.method == 'full']
    assert [s.value for s in full] == [10, 20, 40, 70, 100]
    key = 'train_dataloader.dataset.keep_images'
    assert full[0].options == (f'{key}=0.1',)
    assert full[0].folder.endswith('-full--images-10')
    assert full[-1].options == ()


def test_an_unknown_method_or_data_set_is_refused(make_setting):
    settings = [make_setting('an'), make_setting('full', dataset='coco18')]
    assert choose(settings, None, None) == settings
    assert choose(settings, ['full'], None) == settings[1:]
    assert choose(settings, None, ['coco18']) == settings[1:]
    with pytest.raises(ValueError, match='method must be one of an, full in'):
        choose(settings, ['an', 'x'], None)
    with pytest.raises(ValueError, match=r"digitscenes, coco18 in .* got 'c'"):
        choose(settings, None, ['c'])


@pytest.mark.parametrize('value', [None, 2])
def test_the_folder_names_the_config(make_setting, value):
    setting = make_setting('ll-r', value)
    assert config_of(setting.folder) == setting.leaf.path.stem
