"""A run that was killed and resumed equals one that was not."""

import signal

import pytest
import torch

from mmwsml.evaluation.metrics import MeanAveragePrecision
from mmwsml.records import load_records


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


#: Method -> its hook, options that make it learn from epoch 2 on, and what
#: its label store counts.
STORES = {
    'll-cp': (
        dict(
            type='mmwsml.LargeLossScheduleHook',
            delta_rel=1,
            schedule='constant',
        ),
        [],
        lambda state: len(state['loss']),
    ),
    'll-cp-cw': (
        dict(type='mmwsml.ClassWiseScheduleHook', ramp=5),
        [],
        lambda state: len(state['loss']),
    ),
    'mime': (
        dict(type='mmwsml.FullPassHook'),
        ['label_store.begin=2', 'label_store.threshold=0.4'],
        lambda state: len(state['loss']),
    ),
    'em-apl': (
        dict(type='mmwsml.FullPassHook'),
        ['label_store.begin=2'],
        lambda state: int((state['soft'] > 0).sum()),
    ),
    'curriculum': (
        dict(type='mmwsml.FullPassHook'),
        ['label_store.begin=2', 'label_store.theta=1'],
        lambda state: int((state['marks'] != 0).sum()),
    ),
    'role': (
        dict(type='mmwsml.ProgressHook'),  # it needs none
        ['label_store.num_images=128'],
        lambda state: int((state['logits'] < -0.45).sum()),
    ),
}


def write_config(path, base, hook, kill, **when):
    """Write a config with one hook, that dies after epoch 3, if asked."""
    killer = dict(type='mmwsml.KillHook', **(when or dict(epoch=3)))
    hooks = [hook, killer][: 1 + kill]
    imports = dict(imports=['mmwsml', 'kill_hook'])
    path.write_text(
        f'_base_ = {str(base)!r}\n'
        f'custom_imports = {imports!r}\n'
        f'custom_hooks = {hooks!r}\n'
    )
    return path


@pytest.mark.slow
@pytest.mark.dist
@pytest.mark.parametrize(
    'method, workers, labels',
    [
        ('ll-cp', 0, 'complete'),
        ('ll-cp', 2, 'complete'),
        ('ll-cp-cw', 0, 'complete'),
        ('ll-cp-cw', 0, 'partial'),  # estimates what is hidden by itself
        ('mime', 2, 'complete'),
        ('em-apl', 0, 'complete'),
        ('curriculum', 0, 'complete'),
        ('role', 2, 'complete'),
    ],
)
def test_killed_after_epoch_3_and_resumed_equals_unbroken(
    method, workers, labels, start_tool, config, digits, tmp_path
):
    base, (hook, changes, count) = config(method), STORES[method]
    options = [*digits, 'train_cfg.max_epochs=5']
    options += [f'model.head.{change}' for change in changes]
    options.append(f'train_dataloader.num_workers={workers}')
    options.append(f'val_dataloader.dataset.labels={labels}')
    deadly = write_config(tmp_path / 'deadly.py', base, hook, kill=True)
    alive = write_config(tmp_path / 'alive.py', base, hook, kill=False)

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
    num_labels = count(load('broken', 3)['label_store'])
    assert num_labels > 0 and (method != 'll-cp' or num_labels == 2 * 8 * 2)
    status, output = train(alive, 'broken', '--resume')
    assert status == 0 and 'resumed epoch: 3' in output
    whole, broken = load('whole', 5), load('broken', 5)
    assert count(whole['label_store']) > num_labels
    for key in ('state_dict', 'optimizer', 'label_store'):
        assert_equal(whole[key], broken[key])


@pytest.mark.slow
@pytest.mark.dist
@pytest.mark.parametrize('method', ['ll-ct', 'll-cp'])
def test_records_of_a_killed_and_resumed_run_equal_those_of_an_unbroken(
    method, start_tool, config, digits, tmp_path
):
    hook = STORES['ll-cp'][0]
    options = [*digits, 'train_cfg.max_epochs=4']
    options += ['train_dataloader.num_workers=0']
    options += ['default_hooks.record.type=mmwsml.RecordHook']
    options += ['default_hooks.record.keep=losses']
    base = config(method)
    middle = dict(iteration=3 * 8 - 2)  # of the third epoch
    deadly = write_config(tmp_path / 'deadly.py', base, hook, True, **middle)
    alive = write_config(tmp_path / 'alive.py', base, hook, kill=False)

    def train(path, name, *args):
        command = ('train.py', path, '--work-dir', name, *args)
        return start_tool(*command, options=options)

    def read(name):
        folder = tmp_path / name / 'records'
        paths = [path for path in folder.rglob('*') if path.is_file()]
        paths.remove(folder / 'run.json')  # names the process
        return {p.relative_to(folder): p.read_bytes() for p in paths}

    status, output = train(alive, 'whole')
    assert status == 0, output
    assert train(deadly, 'broken')[0] == -signal.SIGKILL
    assert list(load_records(tmp_path / 'broken').epochs) == [1, 2]
    status, output = train(alive, 'broken', '--resume')
    assert status == 0 and 'resumed epoch: 2' in output
    whole, broken = read('whole'), read('broken')
    assert whole == broken
    assert len(load_records(tmp_path / 'whole').epochs) == 4


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


def read_logs(work_dir):
    return ''.join(path.read_text() for path in work_dir.glob('*/*.log'))


@pytest.fixture
def train(run_tool, config, digits):
    """Return a function that trains in `w`, whatever ends it."""

    def train(epochs, *args, options=(), method='an'):
        small = [f'train_cfg.max_epochs={epochs}']
        for loader, size in (('train', 32), ('val', 24)):
            small.append(f'{loader}_dataloader.dataset.indices={size}')
        options = [*digits, *small, *options]
        try:
            args = '--work-dir', 'w', *args
            run_tool('train', config(method), *args, options=options)
        except Exception as error:
            return str(error)
        return 'done'

    return train


def test_the_newest_whole_checkpoint_is_resumed_and_the_others_named(
    train, tmp_path
):
    train(2)
    path = tmp_path / 'w' / 'epoch_2.pth'
    path.write_bytes(path.read_bytes()[:-1000])
    train(2, '--resume')
    log = read_logs(tmp_path / 'w')
    assert 'resumed epoch: 1' in log
    assert 'epoch_2.pth is left out: it was cut off while' in log
    assert torch.load(path, weights_only=True)['meta']['epoch'] == 2


def test_a_validation_that_was_cut_off_is_made_up_for(
    train, tmp_path, monkeypatch
):
    calls = []

    def improve(self, results):
        calls.append(results)
        if len(calls) == 2:
            raise RuntimeError('cut off')
        return dict(mAP=len(calls))

    monkeypatch.setattr(MeanAveragePrecision, 'compute_metrics', improve)
    assert 'cut off' in train(2)
    assert train(2, '--resume') == 'done'
    best = [path.name for path in (tmp_path / 'w').glob('best_*')]
    assert best == ['best_multi-label_mAP_epoch_2.pth']


def test_a_run_under_one_cycle_goes_on_from_its_own_checkpoint(
    train, tmp_path
):
    scheduler = ['type=OneCycleLR', 'eta_max=1e-3', 'total_steps=4']
    scheduler = [f'param_scheduler.{x}' for x in (*scheduler, 'by_epoch=0')]
    train(1, options=scheduler)
    assert train(2, '--resume', options=scheduler) == 'done'
    assert 'resumed epoch: 1' in read_logs(tmp_path / 'w')


def test_classes_in_another_order_are_refused_or_only_the_backbone_taken(
    train, tmp_path
):
    train(1)
    path = tmp_path / 'w' / 'epoch_1.pth'
    before = torch.load(path, weights_only=True)
    classes = before['meta']['dataset_meta']['classes']
    before['meta']['dataset_meta']['classes'] = classes[::-1]
    torch.save(before, path)
    found = train(2, '--resume')
    assert "calls class 0 '0', but the model was trained with '9'" in found
    options = ['load_from=w/epoch_1.pth', 'optim_wrapper.optimizer.lr=0']
    assert train(1, options=options) == 'done'
    assert 'backbone alone is taken' in read_logs(tmp_path / 'w')
    old, new = before['state_dict'], torch.load(path)['state_dict']
    changed = [key for key in old if not torch.equal(old[key], new[key])]
    trained = [k for k in changed if k.endswith(('weight', 'bias'))]
    assert trained == ['head.fc.weight', 'head.fc.bias']
