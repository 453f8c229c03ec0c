"""Shipped configs by name, as MMPretrain's users look for them."""

from pathlib import Path

import mmpretrain
import pytest
from mmengine.config import Config

import mmwsml

CONFIGS = Path(__file__).parents[1] / 'configs'
NAMES = sorted(path.stem for path in CONFIGS.glob('[!_]*/*.py'))
LEAF = 'll-ct_digitnet_1xb16-adam-15e_digitscenes-1pos'


def test_every_config_is_found_by_its_name():
    paths = [Path(mmwsml.config_path(name)) for name in NAMES]
    assert [path.stem for path in paths] == NAMES
    assert all(path.is_absolute() and path.is_file() for path in paths)


def test_a_base_is_found():
    path = mmwsml.config_path('_base_/default_runtime')
    assert Path(path).samefile(CONFIGS / '_base_' / 'default_runtime.py')


def test_a_name_that_is_none_is_answered_with_what_is_near():
    with pytest.raises(ValueError, match=r"'ll-ct_digitnet'.*such as ll-ct"):
        mmwsml.config_path('ll-ct_digitnet')


def test_a_config_inherits_by_the_path(tmp_path):
    path = tmp_path / 'mine.py'
    path.write_text(f'_base_ = [{mmwsml.config_path(LEAF)!r}]\nx = 1')
    assert Config.fromfile(path).model.head.type == 'mmwsml.PartialLabelHead'


def test_mmpretrain_lists_every_config():
    assert set(NAMES) <= set(mmpretrain.list_models())
    listed = mmpretrain.list_models('*ll-ct_*')
    assert listed == [n for n in NAMES if n.startswith('ll-ct_')]


def test_mmpretrain_builds_a_model_by_its_name():
    head = mmpretrain.get_model(LEAF).head
    assert type(head).__name__ == 'PartialLabelHead'
