"""A run that was killed and resumed equals one that was not."""

import signal

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


def write_config(path, base, kill):
    """Write LL-Cp that corrects from epoch 2 and dies after 3, if asked."""
    schedule = dict(
        type='mmwsml.LargeLossScheduleHook',
        delta_rel=1,
        schedule='constant',
    )
    hooks = [schedule, dict(type='mmwsml.KillHook', epoch=3)][: 1 + kill]
    imports = dict(imports=['mmwsml', 'kill_hook'])
    path.write_text(
        f'_base_ = {str(base)!r}\n'
        f'custom_imports = {imports!r}\n'
        f'custom_hooks = {hooks!r}\n'
    )
    return path


@pytest.mark.slow
@pytest.mark.dist
@pytest.mark.parametrize('workers', [0, 2])
def test_killed_after_epoch_3_and_resumed_equals_unbroken(
    workers, start_tool, config, digits, tmp_path
):
    base, options = config('ll-cp'), [*digits, 'train_cfg.max_epochs=5']
    options.append(f'train_dataloader.num_workers={workers}')
    deadly = write_config(tmp_path / 'deadly.py', base, kill=True)
    alive = write_config(tmp_path / 'alive.py', base, kill=False)

    def train(path, name, *args):
        command = ('train.py', path, '--work-dir', name, *args)
        return start_tool(*command, options=options)

    def load(name, epoch):
        path = tmp_path / name / f'epoch_{epoch}.pth'
        return torch.load(path, weights_only=True)

    status, output = train(alive, 'whole')
    assert status == 0, output
    assert train(deadly, 'broken')[0] == -signal.SIGKILL
    assert not (tmp_path / 'broken' / 'epoch_4.pth').exists()
    assert len(load('broken', 3)['label_store']['loss']) == 2 * 8 * 2
    status, output = train(alive, 'broken', '--resume')
    assert status == 0 and 'resumed epoch: 3' in output
    whole, broken = load('whole', 5), load('broken', 5)
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
