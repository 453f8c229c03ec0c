"""What the name of a config says."""

from pathlib import Path

import pytest

from mmwsml.benchmark.config_names import find_leaves, read_name

CONFIGS = sorted(Path(__file__).parents[2].glob('configs/[!_]*/*.py'))


def test_the_parts_of_a_name():
    name = 'iu_net-50_in1k-pre_4xb72-adam-linearinit-9e_set3-40pct-224px'
    parts = ('iu', 'net-50', 'set3', '40pct', True, '224px')
    assert read_name(name) == parts
    assert read_name('an_net_1xb2-sgd-3e_set-1pos')[4:] == (False, '')


def test_the_name_of_every_config_is_understood():
    assert [read_name(p.stem).method for p in CONFIGS] == [
        path.parent.name for path in CONFIGS
    ]


def test_a_name_of_another_form_is_refused():
    with pytest.raises(ValueError, match='my-config: the name of a config'):
        read_name('my-config')


def touch(root, *names):
    for name in names:
        path = root / name.split('_')[0] / f'{name}.py'
        path.parent.mkdir(exist_ok=True)
        path.touch()


def test_one_config_for_each_method_the_shortest_name(tmp_path):
    touch(
        tmp_path,
        'an_net_1xb16-adam-15e_digits-1pos',
        'an_net_1xb16-adam-linearinit-15e_digits-1pos',
        'iu_net_1xb16-adam-15e_digits-40pct',
    )
    leaves = find_leaves(tmp_path, 'net', 'digits')
    assert [leaf.path.stem for leaf in leaves] == [
        'an_net_1xb16-adam-15e_digits-1pos',
        'iu_net_1xb16-adam-15e_digits-40pct',
    ]
    assert [leaf.labels for leaf in leaves] == ['1pos', '40pct']
    (linear,) = find_leaves(tmp_path, 'net', 'digits', linear_init=True)
    assert 'linearinit' in linear.path.stem and linear.linear_init


def test_other_backbones_and_data_sets_are_left_out(tmp_path):
    touch(
        tmp_path,
        'an_net-features_in1k-pre_2xb8-adam-3e_set18-1pos-128px',
        'an_net_in1k-pre_2xb8-adam-3e_set18-1pos-128px',
        'an_net-features_in1k-pre_2xb8-adam-3e_set2-1pos-128px',
    )
    (leaf,) = find_leaves(tmp_path, 'net-features', 'set18')
    assert leaf[1:] == ('an', 'net-features', 'set18', '1pos', False)
