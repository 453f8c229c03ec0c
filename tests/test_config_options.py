"""Options that no part reads."""

from pathlib import Path

import mmpretrain
import pytest
from mmengine.config import Config

from mmwsml.config_options import check_options, check_overrides

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    'name, option',
    [
        ('trian_cfg', 'train_cfg'),
        ('train_dataloder', 'train_dataloader'),
        ('param_schedulers', 'param_scheduler'),
        ('load_form', 'load_from'),
        ('custom_hook', 'custom_hooks'),
        ('randomnes', 'randomness'),
        ('lr_config', 'param_scheduler'),
        ('total_epochs', 'train_cfg.max_epochs'),
    ],
)
def test_a_misspelt_or_retired_option_is_refused(name, option):
    cfg = Config({'train_cfg': dict(max_epochs=1), name: dict(max_epochs=2)})
    with pytest.raises(ValueError, match=f"option '{name}'.*{option}"):
        check_options(cfg)


@pytest.mark.parametrize(
    'option', ['env_cfg.cudnn_benchmrk', 'auto_scale_lr.enabel']
)
def test_so_is_one_inside_an_option_that_takes_any(option):
    cfg = Config({})
    cfg.merge_from_dict({option: True})
    with pytest.raises(ValueError, match=f"the option '{option}': `"):
        check_options(cfg)


def names_of(folder):
    """List the configs below a folder."""
    return sorted(Path(folder).rglob('*.py'))


def test_names_of_a_configs_own_are_left_alone():
    """Every name that our configs and MMPretrain's give to anything."""
    import ast

    theirs = Path(mmpretrain.__file__).parent / '.mim' / 'configs' / '_base_'
    names = {
        target.id
        for path in [*names_of(ROOT / 'configs'), *names_of(theirs)]
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert {'image_pipeline', 'complete', 'train_pipeline'} < names
    check_options(Config({name: {} for name in names}))


@pytest.mark.parametrize(
    'name',
    [
        'train_dataloader_base',
        'test_dataloader2',
        'pretrain_dataloader',
        'sup_dataloader',
        'visualizer_cfg',
        'optim_wrapper_cfg',
        'val_pipeline',
    ],
)
def test_so_are_names_that_are_made_of_an_option(name):
    check_options(Config({name: dict(batch_size=4)}))


def test_a_custom_runner_may_read_what_it_likes():
    check_options(Config(dict(runner_type='MyRunner', trian_cfg={})))


@pytest.mark.parametrize(
    'key, remedy',
    [
        ('trian_cfg.max_epochs', "do you mean 'train_cfg'?"),
        ('optimizer.lr', "do you mean 'optim_wrapper'?"),
        ('lr_config.step', 'it is called param_scheduler now.'),
        ('data_root', 'the config has used it up; set what it went into'),
        ('xyz', 'set one, such as train_dataloader.batch_size.'),
    ],
)
def test_an_override_that_changes_nothing_is_refused(key, remedy):
    cfg = Config(dict(data_root='data', train_cfg=dict(max_epochs=1)))
    check_overrides(['train_cfg.max_epochs', 'model.x'], cfg)
    with pytest.raises(ValueError) as caught:
        check_overrides(['train_cfg.max_epochs', key], cfg)
    assert str(caught.value).startswith(f'--cfg-options {key}: no part reads')
    assert remedy in str(caught.value)
