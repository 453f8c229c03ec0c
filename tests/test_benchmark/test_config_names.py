"""What the name of a config says."""

from pathlib import Path

import pytest

from mmwsml.benchmark.config_names import read_name

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
