"""The launch scripts: two processes without a GPU."""

import random

import pytest
import torch

pytestmark = [pytest.mark.slow, pytest.mark.dist]


@pytest.mark.parametrize('method', ['an', 'll-r', 'll-ct', 'll-cp'])
def test_two_processes_train_and_test(
    method, start_tool, config, digits, tmp_path
):
    options = [*digits, 'train_cfg.max_epochs=2']
    train = (config(method), 2, '--work-dir', 'w')
    status, output = start_tool('dist_train.sh', *train, options=options)
    assert status == 0, output
    assert 'for itself' not in output  # selection is global
    last = tmp_path / 'w' / 'epoch_2.pth'
    status, output = start_tool(
        'dist_test.sh', config(method), last, 2, options=digits
    )
    assert status == 0 and 'multi-label/mAP' in output


BY_ITERATION = """
train_cfg = dict(
    _delete_=True, type='mmwsml.ResumableIterLoop', max_iters=24
)
train_dataloader = dict(
    sampler=dict(_delete_=True, type='mmwsml.EndlessSampler')
)
default_hooks = dict(checkpoint=dict(by_epoch=False, interval=5))
log_processor = dict(by_epoch=False)
"""


@pytest.fixture
def write_config(tmp_path, config):
    """Write LL-Cp that corrects from the start, killed if asked."""

    def write(name, by_epoch, extra=()):
        schedule = dict(
            type='mmwsml.LargeLossScheduleHook',
            delta_rel=1,
            schedule='constant',
            begin=1,
        )
        if not by_epoch:
            schedule.update(by_epoch=False, iters_per_epoch=8)
        imports = dict(imports=['mmwsml', 'kill_hook'])
        text = (
            f'_base_ = {str(config("ll-cp"))!r}\n'
            f'custom_imports = {imports!r}\n'
            f'custom_hooks = {[schedule, *extra]!r}\n'
        )
        path = tmp_path / f'{name}.py'
        path.write_text(text + ('' if by_epoch else BY_ITERATION))
        return path

    return write


@pytest.mark.parametrize('by_epoch', [True, False])
@pytest.mark.parametrize('num_processes', [1, 2])
def test_killed_at_any_iteration_and_resumed_equals_unbroken(
    start_tool, write_config, digits, tmp_path, by_epoch, num_processes
):
    iteration = random.Random(f'{by_epoch}{num_processes}').randint(9, 23)
    kill = dict(
        type='mmwsml.KillHook', iteration=iteration, rank=num_processes - 1
    )
    batch = 16 // num_processes
    options = [*digits, f'train_dataloader.batch_size={batch}']
    if by_epoch:
        options.append('train_cfg.max_epochs=3')  # of 8 iterations
    alive = write_config('alive', by_epoch)
    deadly = write_config('deadly', by_epoch, [kill])

    def train(path, name, *args):
        if num_processes == 1:
            command = 'train.py', path
        else:
            command = 'dist_train.sh', path, num_processes
        command += ('--work-dir', name, *args)
        return start_tool(*command, options=options)

    def load(name):
        last = 'epoch_3.pth' if by_epoch else 'iter_24.pth'
        return torch.load(tmp_path / name / last, weights_only=True)

    status, output = train(alive, 'whole')
    assert status == 0, output
    assert train(deadly, 'broken')[0] != 0
    status, output = train(alive, 'broken', '--resume')
    assert status == 0, output
    whole, broken = load('whole'), load('broken')
    store, other = whole.pop('label_store'), broken.pop('label_store')
    assert len(store['loss']) == 2 * 24
    for name in ('key', 'row', 'class', 'epoch'):
        assert torch.equal(store[name], other[name])
    weights, others = whole['state_dict'], broken['state_dict']
    tolerance = 0 if num_processes == 1 else 1e-6
    for name, weight in weights.items():
        torch.testing.assert_close(
            others[name], weight, rtol=tolerance, atol=tolerance
        )


def test_a_process_that_fails_ends_the_others(
    start_tool, write_config, digits
):
    breaks = dict(type='mmwsml.BreakHook')
    path = write_config('breaks', True, [breaks])
    status, output = start_tool('dist_train.sh', path, 2, options=digits)
    assert status != 0
    message = 'images have logits that are not finite, the first digit_scenes'
    assert message in output
