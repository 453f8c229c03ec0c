import os
import shutil
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
import torch
from mmengine.evaluator import BaseMetric, Evaluator
from mmengine.runner import BaseLoop

from mmwsml.engine.hooks import whole_checkpoint_hook

PLAIN = dict(type='mmwsml.PlainCheckpointHook')
OWED = dict(type='mmwsml.ResumedValidationHook')
SAVE = dict(type='mmwsml.WholeCheckpointHook', interval=1)
BEST = dict(SAVE, save_best='toy/mAP', rule='greater', max_keep_ckpts=1)


class Scripted(BaseMetric):
    """Give one value after another."""

    default_prefix = 'toy'

    def __init__(self, values):
        super().__init__()
        self.values = iter(values)

    def process(self, data_batch, data_samples):
        self.results.append(0)

    def compute_metrics(self, results):
        value = next(self.values)
        return dict(mAP=value, other=-value)


@pytest.fixture
def train(make_runner, dataset_cfg, tmp_path):
    """Train as many epochs as there are values of validation."""

    def train(values, epochs=None, save=BEST, **kwargs):
        val = dict(batch_size=20, num_workers=0, dataset=dataset_cfg)
        val['sampler'] = dict(type='DefaultSampler', shuffle=False)
        loop = dict(by_epoch=True, max_epochs=epochs or len(values))
        runner = make_runner(
            [PLAIN, OWED],
            train_cfg=loop,
            val_dataloader=val,
            val_evaluator=Evaluator([Scripted(values)]),
            val_cfg=dict(),
            default_hooks=dict(logger=None, checkpoint=save),
            **kwargs,
        )
        runner.train()
        return runner

    return train


@pytest.fixture
def work(tmp_path):
    """List the names in the work dir."""
    return lambda: sorted(
        path.name for path in (tmp_path / 'work').glob('*.pth')
    )


@pytest.mark.parametrize(
    'values, best', [([1, 2, 3], 3), ([3, 2, 1], 1), ([1, 3, 2], 2)]
)
def test_one_best_and_the_newest_are_left(values, best, train, work, tmp_path):
    train(values)
    assert work() == [f'best_toy_mAP_epoch_{best}.pth', 'epoch_3.pth']
    note = (tmp_path / 'work' / 'last_checkpoint').read_text()
    assert note == str(tmp_path / 'work' / 'epoch_3.pth')


def test_each_of_several_bests_is_one_file(train, work):
    train([1, 2], save=dict(BEST, save_best=['toy/mAP', 'toy/other']))
    assert work() == [
        'best_toy_mAP_epoch_2.pth',
        'best_toy_other_epoch_1.pth',
        'epoch_2.pth',
    ]


def test_nothing_is_removed_before_the_new_is_there(
    train, work, tmp_path, monkeypatch
):
    seen, write = [], whole_checkpoint_hook.write_whole

    def look(path, content):
        write(path, content)
        seen.append((os.path.basename(path), work()))

    monkeypatch.setattr(whole_checkpoint_hook, 'write_whole', look)
    train([1, 2])
    best = [f'best_toy_mAP_epoch_{n}.pth' for n in (1, 2)]
    assert seen[5:9] == [
        ('epoch_2.pth', [best[0], 'epoch_1.pth', 'epoch_2.pth']),
        ('last_checkpoint', [best[0], 'epoch_1.pth', 'epoch_2.pth']),
        (best[1], [*best, 'epoch_2.pth']),
        ('epoch_2.pth', [best[1], 'epoch_2.pth']),
    ]


def test_a_resumed_run_validates_first_and_saves_the_best_again(
    train, work, tmp_path
):
    train([1])
    path = tmp_path / 'work' / 'epoch_1.pth'
    content = torch.load(path, weights_only=True)
    # As it is before its validation.
    info = content['message_hub']['runtime_info']
    for name in ('iter_of_last_validation', 'best_score', 'best_ckpt'):
        del info[name]
    torch.save(content, path)
    (tmp_path / 'work' / 'best_toy_mAP_epoch_1.pth').unlink()
    train([5, 4], resume=True)
    assert work() == ['best_toy_mAP_epoch_1.pth', 'epoch_2.pth']


def test_a_resumed_run_notes_the_name_that_a_kill_left_out(train, tmp_path):
    train([2, 1])
    note = tmp_path / 'work' / 'last_checkpoint'
    note.write_text(str(tmp_path / 'work' / 'epoch_1.pth'))
    train([1], 2, resume=True)
    assert note.read_text() == str(tmp_path / 'work' / 'epoch_2.pth')


def test_a_moved_work_dir_keeps_one_best_and_leaves_the_other_folder_alone(
    train, tmp_path
):
    train([1])
    moved = tmp_path / 'moved'
    shutil.copytree(tmp_path / 'work', moved)
    train([2], 2, resume=True, work_dir=str(moved))
    for folder, epoch in ((tmp_path / 'work', 1), (moved, 2)):
        (best,) = folder.glob('best_*')
        assert best.name == f'best_toy_mAP_epoch_{epoch}.pth'


def test_what_was_too_many_goes_when_the_run_goes_on(train, work, tmp_path):
    train([1, 2], save=dict(BEST, max_keep_ckpts=2))
    assert 'epoch_1.pth' in work()
    train([3], 3, resume=True)
    assert work() == ['best_toy_mAP_epoch_3.pth', 'epoch_3.pth']


def test_only_damaged_checkpoints_end_the_run(train, tmp_path):
    train([1])
    (tmp_path / 'work' / 'epoch_1.pth').write_bytes(b'half')
    with pytest.raises(ValueError, match='holds no whole checkpoint'):
        train([2], 2, resume=True)


def test_checkpoints_of_another_folder_are_found(train, tmp_path):
    save = dict(BEST, out_dir=str(tmp_path / 'other'))
    train([1], save=save)
    runner = train([2], 2, save=save, resume=True)
    assert (
        runner.epoch == 2 and 'val/toy/mAP' in runner.message_hub.log_scalars
    )
    (best,) = (tmp_path / 'other' / 'work').glob('best_*')
    assert best.name == 'best_toy_mAP_epoch_2.pth'


@pytest.mark.parametrize('resumes', [False, True])
def test_a_run_over_another_one_says_so(tmp_path, resumes):
    warnings = []
    runner = SimpleNamespace(
        _train_loop=Mock(spec=BaseLoop),
        _resume=resumes,
        _load_from='named.pth',
        work_dir=str(tmp_path),
        logger=SimpleNamespace(warning=warnings.append),
    )
    hook = whole_checkpoint_hook.WholeCheckpointHook(interval=1)
    hook.before_run(runner)
    assert not warnings
    (tmp_path / 'last_checkpoint').write_text('epoch_3.pth')
    hook.before_run(runner)
    assert len(warnings) == (not resumes)
    assert all('holds another run' in text for text in warnings)
