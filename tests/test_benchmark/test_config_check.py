"""Folders that another version of a config has made."""

import re

import pytest
from mmengine.config import Config

from mmwsml.benchmark.config_check import check_run, find_difference

CONFIG = dict(
    model=dict(loss=dict(type='A', sizes=(1, 2), scale=1e-3)),
    custom_hooks=[dict(type='H'), dict(type='I', flags={'a-b': dict(c=1)})],
    train_dataloader=dict(batch_size=16),
    load_from='weights.pth',
    param_scheduler=None,
    randomness=dict(seed=0),
)


def changed(key, value):
    config = Config(CONFIG)
    config.merge_from_dict({key: value})
    return config.to_dict()


@pytest.mark.parametrize(
    'key, value, message',
    [
        ('model.loss.scale', 0.01, '`model.loss.scale` was 0.01 and now .*1$'),
        ('custom_hooks.0.type', 'X', "`custom_hooks.0.type` was 'X'"),
        ('randomness.seed', 1, '`randomness.seed` was 1 and now is 0'),
        ('model.loss.more', 1, '`model.loss.more` was 1 and now is not set'),
        ('load_from', None, "was None and now is 'weights.pth'"),
        ('default_hooks.timer.interval', 9, '`default_hooks.timer.interval`'),
    ],
)
def test_a_difference_is_named(key, value, message):
    difference = find_difference(changed(key, value), CONFIG)
    assert re.search(message, difference)


@pytest.mark.parametrize(
    'key, value',
    [
        ('work_dir', 'elsewhere'),
        ('launcher', 'none'),
        ('default_hooks.channels_last.type', 'mmwsml.ChannelsLastHook'),
        ('train_dataloader.pin_memory', True),
        ('train_dataloader.num_workers', 9),
        ('train_dataloader.persistent_workers', False),
        ('image_pipeline', ['a name used within the config']),
    ],
)
def test_machine_folder_and_inner_names_do_not_count(key, value):
    assert find_difference(changed(key, value), CONFIG) is None


def test_a_resumed_run_has_lost_what_it_was_loaded_from():
    then = dict(changed('load_from', None), resume=True)
    assert find_difference(then, CONFIG) is None


def test_a_folder_with_results_and_no_config_is_refused(plan_fake):
    (run,) = plan_fake(['an']).runs
    run.folder.mkdir(parents=True)
    (run.folder / 'failed.json').touch()
    check_run(run)
    (run.folder / 'epoch_1.pth').touch()
    with pytest.raises(ValueError, match='has results but no an_digitnet'):
        check_run(run)


def test_a_folder_of_another_version_is_refused(plan_fake):
    (run,) = plan_fake(['an']).runs
    run.folder.mkdir(parents=True)
    dump = run.folder / run.setting.leaf.path.name
    dump.write_text('train_cfg = dict(max_ep')  # killed while it wrote
    check_run(run)
    (run.folder / 'epoch_1.pth').touch()
    dump.write_text(Config(run.config).pretty_text)
    check_run(run)
    dump.write_text(Config(dict(run.config, custom_hooks=[1])).pretty_text)
    with pytest.raises(
        ValueError,
        match=r'seed0: was made with another version .*`custom_hooks`.* take',
    ):
        check_run(run)
