"""tools/train.py and tools/test.py on one process."""

import fcntl
import json
import math
import os
import re
import runpy
import signal
import sys
from pathlib import Path

import mmpretrain
import pytest
import torch

from mmwsml.evaluation.metrics import MeanAveragePrecision


def read_log(work_dir):
    (path,) = work_dir.glob('*/*.log')
    return path.read_text()


@pytest.mark.parametrize('method', ['full', 'an', 'll-r', 'll-ct', 'll-cp'])
def test_every_method_trains_and_tests(
    method, run_tool, config, digits, tmp_path
):
    options = [*digits, 'train_cfg.max_epochs=2']
    run_tool('train', config(method), '--work-dir', 'w', options=options)
    (best,) = (tmp_path / 'w').glob('best_*.pth')
    out = ('--out', 'm.json', '--work-dir', 'w_test')
    run_tool('test', config(method), best, *out, options=digits)
    metrics = json.loads((tmp_path / 'm.json').read_text())
    assert 0 < metrics['multi-label/mAP'] <= 100


def test_the_log_shows_rate_and_number_of_modified_labels(
    run_tool, config, digits, tmp_path
):
    options = [*digits, 'train_cfg.max_epochs=3']
    run_tool('train', config('ll-r'), '--work-dir', 'w', options=options)
    log = read_log(tmp_path / 'w')
    # 8 batches of 16 x 10 labels: ceil(160 * 1 %) = 2, ceil(160 * 2 %) = 4.
    assert 'Epoch 1: modified 0 labels in 8 batches, 0 % of all labels' in log
    assert 'Epoch 2: modified 16 labels in 8 batches, 1 % of all labels' in log
    assert 'Epoch 3: modified 32 labels in 8 batches, 2 % of all labels' in log


def test_checkpoints_load_with_weights_only(
    run_tool, config, digits, tmp_path
):
    options = [*digits, 'train_cfg.max_epochs=1', 'custom_hooks.0.begin=1']
    run_tool('train', config('ll-cp'), '--work-dir', 'w', options=options)
    checkpoint = torch.load(tmp_path / 'w' / 'epoch_1.pth', weights_only=True)
    assert len(checkpoint['label_store']['loss']) == 8 * 2


def test_amp_auto_scale_lr_and_no_validate(run_tool, config, digits, tmp_path):
    options = [
        *digits,
        'train_cfg.max_epochs=1',
        'train_dataloader.batch_size=32',
    ]
    flags = ('--amp', '--auto-scale-lr', '--no-validate', '--work-dir', 'w')
    run_tool('train', config('ll-ct'), *flags, options=options)
    log = read_log(tmp_path / 'w')
    assert 'Epoch(val)' not in log
    checkpoint = torch.load(tmp_path / 'w' / 'epoch_1.pth', weights_only=True)
    # 1e-3 for a batch of 16, of 32 images here.
    assert checkpoint['optimizer']['param_groups'][0]['lr'] == 2e-3
    weights = checkpoint['state_dict'].values()
    assert all(math.isfinite(weight.sum()) for weight in weights)


def test_work_dir_is_named_after_the_config(
    run_tool, config, digits, tmp_path
):
    options = [*digits, 'train_cfg.max_epochs=1']
    run_tool('train', config('an'), options=options)
    assert (
        tmp_path / 'work_dirs' / config('an').stem / 'epoch_1.pth'
    ).exists()


def test_other_number_of_classes_ends_before_the_first_epoch(
    run_tool, config, digits
):
    options = [*digits, 'model.head.num_classes=7']
    with pytest.raises(ValueError, match=r'set `model\.head\.num_classes=10`'):
        run_tool('train', config('an'), options=options)


def test_large_loss_without_its_hook_ends_in_the_first_step(
    run_tool, config, digits
):
    with pytest.raises(RuntimeError, match=r'mmwsml\.LargeLossScheduleHook'):
        run_tool('train', config('ll-r'), options=[*digits, 'custom_hooks=[]'])


def test_complete_labels_are_refused_by_a_partial_head(
    run_tool, config, digits
):
    options = [*digits, 'model.head.loss.type=mmwsml.AssumeNegative']
    with pytest.raises(ValueError, match='claim to be complete'):
        run_tool(
            'train',
            config('full'),
            options=[*options, 'model.head.labels=partial'],
        )


def test_a_missing_checkpoint_is_named(run_tool, config, digits):
    with pytest.raises(FileNotFoundError, match=r'no\.pth does not exist'):
        run_tool('test', config('an'), 'no.pth', options=digits)


def test_the_tool_of_mmpretrain_trains_our_config(
    config, digits, tmp_path, monkeypatch
):
    tool = Path(mmpretrain.__file__).parent / '.mim' / 'tools' / 'train.py'
    options = [*digits, 'train_cfg.max_epochs=1', 'custom_hooks.0.begin=1']
    flags = ['--work-dir', 'w', '--no-persistent-workers', '--cfg-options']
    argv = [str(tool), str(config('ll-cp')), *flags, *options]
    monkeypatch.setattr(sys, 'argv', argv)
    monkeypatch.chdir(tmp_path)
    for name in ('LOCAL_RANK', 'TORCH_FORCE_WEIGHTS_ONLY_LOAD'):
        monkeypatch.setenv(name, '0')
    runpy.run_path(str(tool), run_name='__main__')
    checkpoint = torch.load(tmp_path / 'w' / 'epoch_1.pth', weights_only=True)
    assert len(checkpoint['label_store']['loss']) == 8 * 2


@pytest.mark.slow
@pytest.mark.realdata
def test_real_photographs_train_and_test(run_tool, config, tmp_path):
    if 'MMWSML_DATA' not in os.environ:
        pytest.skip('MMWSML_DATA names no folder of real data')
    options = ['train_cfg.max_epochs=2']
    for loader in ('train', 'val', 'test'):
        options.append(f'{loader}_dataloader.dataset.indices=48')
        options.append(f'{loader}_dataloader.num_workers=0')
    ll_ct = config('ll-ct', 'coco18')
    run_tool('train', ll_ct, '--work-dir', 'w', options=options)
    run_tool('test', ll_ct, 'w/epoch_2.pth', options=options)
    assert 'modified' in read_log(tmp_path / 'w')


def test_weights_that_cannot_be_downloaded_end_in_a_sentence(
    run_tool, config, digits, tmp_path
):
    checkpoint = 'http://127.0.0.1:9/weights.pth'  # nobody listens there
    name = 'model.backbone.init_cfg'
    options = [f'{name}.type=Pretrained', f'{name}.checkpoint={checkpoint}']
    with pytest.raises(OSError, match=r'cannot be downl.*init_cfg=None'):
        run_tool(
            'train',
            config('an'),
            '--work-dir',
            'w',
            options=[*digits, *options],
        )


@pytest.mark.dist
def test_a_missing_config_ends_in_one_line(start_tool):
    status, output = start_tool('train.py', 'none.py')
    assert status == 1 and 'Traceback' not in output
    assert output.endswith('error: none.py: No such file or directory\n')


@pytest.fixture
def train(run_tool, config, digits):
    """Train an epoch of two steps in `w`."""
    digits = [*digits, 'train_dataloader.dataset.indices=32']
    digits += ['val_dataloader.dataset.indices=24', 'train_cfg.max_epochs=2']
    return lambda *args: run_tool(
        'train', config('an'), '--work-dir', 'w', *args, options=digits
    )


def test_two_trainings_in_one_work_dir_are_refused(train, tmp_path):
    (tmp_path / 'w').mkdir()
    with (tmp_path / 'w' / '.lock').open('w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ValueError, match='Another process is training in'):
            train()
    assert [path.name for path in (tmp_path / 'w').iterdir()] == ['.lock']


def test_a_full_disk_ends_in_a_sentence_and_leaves_what_was_there(
    train, tmp_path
):
    (tmp_path / 'w').mkdir()
    (tmp_path / 'w' / 'epoch_2.pth').symlink_to('/dev/full')
    with pytest.raises(OSError) as error:
        train()
    assert re.fullmatch(
        'The disk of w is full after 4 iterations; --resume goes on from the '
        'newest checkpoint in w.',
        str(error.value),
    )
    assert str(error.value) in read_log(tmp_path / 'w')
    note = (tmp_path / 'w' / 'last_checkpoint').read_text()
    torch.load(tmp_path / note, weights_only=True)


@pytest.mark.parametrize(
    'number, status, name',
    [(signal.SIGINT, 130, 'Ctrl-C'), (signal.SIGTERM, 143, 'SIGTERM')],
)
def test_a_stopped_training_says_so(
    number, status, name, train, tmp_path, monkeypatch, capsys
):
    def stop(self, *args):
        os.kill(os.getpid(), number)

    def fail(*args):
        raise RuntimeError(f'{name} was not taken')

    monkeypatch.setattr(MeanAveragePrecision, 'process', stop)
    before = signal.signal(number, fail)
    if number == signal.SIGINT:
        signal.signal(number, signal.default_int_handler)
    try:
        with pytest.raises(BaseException) as error:
            train()
    finally:
        signal.signal(number, before)
    assert getattr(error.value, 'code', error.value) == status
    sentence = f'{name} has stopped the training after 2 iterations; --resume'
    assert sentence in read_log(tmp_path / 'w')
    assert capsys.readouterr().err.count(sentence) == 1
