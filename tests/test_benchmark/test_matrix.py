"""Settings x seeds."""

import pytest

from mmwsml.benchmark.matrix import plan_runs, read_options, read_seeds
from mmwsml.benchmark.presets import plan_settings


def test_runs_are_settings_times_seeds_seed_by_seed(fake_root, tmp_path):
    settings = plan_settings('demo', fake_root / 'configs')
    runs = plan_runs(settings, [3, 1], ['a.b=[1,2]'], tmp_path)
    assert [run.seed for run in runs] == [3] * 5 + [1] * 5
    assert [run.setting for run in runs] == settings * 2
    last = runs[-1]
    assert last.folder == tmp_path / settings[-1].folder / 'seed1'
    assert last.options == ('a.b=[1,2]', 'randomness.seed=1')
    assert last.config['randomness'] == dict(seed=1)
    assert last.config['a'] == dict(b=[1, 2])
    assert last.num_steps == 3


def test_a_variant_overrides_the_options_of_all_runs(fake_root, tmp_path):
    settings = plan_settings('delta-rel', fake_root / 'configs')
    (setting,) = [s for s in settings if s.label == 'll-r delta_rel 0.2']
    option = 'custom_hooks.0.delta_rel=7'
    (run,) = plan_runs([setting], [0], [option], tmp_path)
    assert run.config['custom_hooks'][0]['delta_rel'] == 0.2
    assert run.options[:2] == (option, 'custom_hooks.0.delta_rel=0.2')


def test_a_seed_counts_once():
    assert read_seeds(['2', '0', '2']) == [2, 0]


@pytest.mark.parametrize('seed', ['-1', '1.5', 'one', '', '²'])
def test_a_seed_that_is_no_integer_from_0_is_refused(seed):
    with pytest.raises(ValueError, match='an integer from 0, but got'):
        read_seeds(['0', seed])


@pytest.mark.parametrize('option', ['lr', '=1', ''])
def test_an_option_of_another_form_is_refused(option):
    with pytest.raises(ValueError, match='must be key=value, but got'):
        read_options(['a=1', option])


def test_a_seed_among_the_options_is_refused():
    with pytest.raises(ValueError, match='--seeds chooses the seeds'):
        read_options(['randomness.seed=1'])
