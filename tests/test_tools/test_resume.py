"""A run that was killed and resumed equals one that was not."""

import pytest
import torch


def assert_equal(left, right):
    """Compare nested dicts and lists; tensors bit for bit."""
    assert type(left) is type(right)
    if isinstance(left, torch.Tensor):
        assert torch.equal(left, right)
    elif isinstance(left, dict):
        assert left.keys() == right.keys()
        for key in left:
            assert_equal(left[key], right[key])
    elif isinstance(left, (list, tuple)):
        assert len(left) == len(right)
        for a, b in zip(left, right):
            assert_equal(a, b)
    else:
        assert left == right


@pytest.mark.slow
@pytest.mark.dist
@pytest.mark.parametrize('workers', [0, 2])
def test_killed_after_epoch_3_and_resumed_equals_unbroken(
    workers, start_tool, config, digits, tmp_path
):
    options = [
        *digits,
        'train_cfg.max_epochs=5',
        f'train_dataloader.num_workers={workers}',
        'train_dataloader.dataset.pipeline.0.seed=3',
    ]
    train = ('train.py', config('ll-cp'), '--work-dir')
    kill = [
        *options,
        "custom_imports.imports=['mmwsml','kill_hook']",
        'custom_hooks.1.type=mmwsml.KillHook',
        'custom_hooks.1.epoch=3',
    ]
    assert start_tool(*train, 'whole', options=options)[0] == 0
    assert start_tool(*train, 'broken', options=kill)[0] == -9
    assert not (tmp_path / 'broken' / 'epoch_4.pth').exists()
    status, output = start_tool(*train, 'broken', '--resume', options=options)
    assert status == 0 and 'resumed epoch: 3' in output
    whole, broken = (
        torch.load(tmp_path / name / 'epoch_5.pth', weights_only=True)
        for name in ('whole', 'broken')
    )
    assert len(whole['label_store']['loss']) > 0
    for key in ('state_dict', 'optimizer', 'label_store'):
        assert_equal(whole[key], broken[key])


def test_resuming_without_a_store_is_refused(
    run_tool, config, digits, tmp_path
):
    once = [*digits, 'train_cfg.max_epochs=1']
    run_tool('train', config('an'), '--work-dir', 'w', options=once)
    with pytest.raises(ValueError, match='holds no LabelMemory'):
        run_tool(
            'train',
            config('ll-cp'),
            '--resume',
            'w/epoch_1.pth',
            options=[*digits, 'train_cfg.max_epochs=2'],
        )


def test_a_run_from_the_weights_of_another_starts_with_an_empty_store(
    run_tool, config, digits, tmp_path
):
    once = [*digits, 'train_cfg.max_epochs=1', 'custom_hooks.0.begin=1']
    run_tool('train', config('ll-cp'), '--work-dir', 'a', options=once)
    again = [*once, 'load_from=a/epoch_1.pth', 'custom_hooks.0.begin=2']
    run_tool('train', config('ll-cp'), '--work-dir', 'b', options=again)
    first, second = (
        torch.load(tmp_path / name / 'epoch_1.pth', weights_only=True)
        for name in 'ab'
    )
    assert len(first['label_store']['loss']) == 16
    assert len(second['label_store']['loss']) == 0


def test_a_run_goes_on_from_the_last_checkpoint_of_its_work_dir(
    run_tool, config, digits, tmp_path
):
    for max_epochs in (1, 2):
        options = [*digits, f'train_cfg.max_epochs={max_epochs}']
        train = (config('ll-r'), '--work-dir', 'w', '--resume')
        run_tool('train', *train, options=options)
    logs = [path.read_text() for path in (tmp_path / 'w').glob('*/*.log')]
    assert sum('Epoch 1: modified' in log for log in logs) == 1
    assert sum('resumed epoch: 1' in log for log in logs) == 1
    assert sum('Epoch 2: modified 16 labels' in log for log in logs) == 1
