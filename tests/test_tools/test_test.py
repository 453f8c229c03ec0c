"""tools/test.py, its result file, and the tools that read it."""

import contextlib
import json

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.fileio import load
from mmengine.registry import DefaultScope
from mmpretrain.registry import MODELS

import mmwsml  # noqa: F401
from mmwsml.evaluation import (
    average_precision,
    read_predictions,
    read_thresholds,
)


@pytest.fixture
def checkpoint(config, tmp_path):
    """Write weights as they start; no training is needed."""
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        model = MODELS.build(Config.fromfile(config('an')).model)
    path = tmp_path / 'start.pth'
    torch.save(dict(state_dict=model.state_dict()), path)
    return path


def test_the_result_file_gives_the_metric_again(
    run_tool, config, digits, checkpoint, tmp_path
):
    out = ('r.npz', 'm.json', 'p.pkl')
    flags = [flag for name in out for flag in ('--out', name)]
    run_tool('test', config('an'), checkpoint, *flags, options=digits)
    found = read_predictions(str(tmp_path / 'r.npz'))
    assert found.scores.shape == (64, 10) and found.split == 'test'
    ap = average_precision(found.scores, found.target, found.observed)
    metrics = json.loads((tmp_path / 'm.json').read_text())
    assert metrics['multi-label/mAP'] == pytest.approx(100 * ap.mean())
    for score, sample in zip(found.scores, load(tmp_path / 'p.pkl')):
        np.testing.assert_array_equal(score, sample['pred_score'])
    assert found.sample_ids[0] == 'digit_scenes_v1/test/00000.png'
    assert found.classes == tuple('0123456789')


def test_the_work_dir_keeps_the_config_of_the_test_split(
    run_tool, config, digits, checkpoint, tmp_path
):
    flags = ('--split', 'val', '--out', 'r.npz', '--work-dir', 'w')
    (tmp_path / 'r.npz').write_text('mine')
    with contextlib.suppress(FileExistsError, SystemExit):
        run_tool('test', config('an'), checkpoint, *flags, options=digits)
    assert (tmp_path / 'r.npz').read_bytes() == b'mine'
    flags += ('--force',)
    run_tool('test', config('an'), checkpoint, *flags, options=digits)
    found = read_predictions(str(tmp_path / 'r.npz'))
    assert found.split == 'val' and '/val/' in found.sample_ids[0]
    (kept,) = (tmp_path / 'w').glob('*.py')
    assert Config.fromfile(kept).test_dataloader.dataset.split == 'test'
    log = next((tmp_path / 'w').glob('*/*.log')).read_text()
    assert 'Epoch(test) [1/1]' in log


def test_calibration_and_sheets_from_the_files(
    run_tool, config, digits, checkpoint, tmp_path, capsys
):
    args = (config('an'), checkpoint, '--work-dir', 'w')
    val, test = tmp_path / 'w/val.npz', tmp_path / 'w/test.npz'
    more = ('--split', 'val', '--out', 'w/val.npz')
    run_tool('test', *args, *more, options=digits)
    show = ('--show', '--show-classes', '3', '--show-num', '2')
    run_tool('test', *args, *show, options=digits)
    (shown,) = (tmp_path / 'w/sheets_test').iterdir()
    run_tool('analysis/show_predictions', test, 'again', '--classes', '3')
    assert (tmp_path / 'again' / shown.name).exists()
    run_tool('analysis/calibrate', val, '--test', test)
    assert 'test: 64 images, 10 classes, 100.0 %' in capsys.readouterr().out
    thresholds = read_thresholds(str(tmp_path / 'w/thresholds.json'))
    assert thresholds.classes == tuple('0123456789')


def test_tta_averages_an_image_and_its_mirror_image(
    run_tool, config, digits, checkpoint, tmp_path
):
    cfg = Config.fromfile(config('an'))
    flip = dict(type='RandomFlip', prob=1.0)
    cfg.test_dataloader.dataset.pipeline.insert(1, flip)
    cfg.dump(tmp_path / 'flipped.py')
    runs = [('tta', config('an'), '--tta'), ('plain', config('an'))]
    for name, path, *flags in [*runs, ('flipped', tmp_path / 'flipped.py')]:
        flags += ['--out', f'{name}.npz', '--work-dir', name]
        run_tool('test', path, checkpoint, *flags, options=digits)
    found = {
        name: read_predictions(str(tmp_path / f'{name}.npz'))
        for name in ('tta', 'plain', 'flipped')
    }
    mean = (found['plain'].scores + found['flipped'].scores) / 2
    assert abs(mean - found['plain'].scores).max() > 1e-5
    np.testing.assert_allclose(found['tta'].scores, mean, atol=1e-6)
    assert found['tta'].sample_ids == found['plain'].sample_ids


@pytest.mark.slow
@pytest.mark.dist
def test_two_processes_write_the_same_file(
    start_tool, config, digits, checkpoint, tmp_path
):
    options = [
        *(option for option in digits if 'indices=64' not in option),
        'test_dataloader.dataset.indices=63',
        'test_dataloader.batch_size=5',
    ]
    for num in (1, 2):
        status, output = start_tool(
            'dist_test.sh',
            *(config('an'), checkpoint, num, '--show-dir', f's{num}'),
            *('--out', f'{num}.npz'),
            options=options,
        )
        assert status == 0, output
        assert output.count('Wrote 10 sheets') == 1
    one, two = (read_predictions(str(tmp_path / f'{n}.npz')) for n in (1, 2))
    np.testing.assert_array_equal(one.target, two.target)
    assert one.sample_ids == two.sample_ids and len(one.sample_ids) == 63
    np.testing.assert_allclose(one.scores, two.scores, atol=1e-6)


def test_a_checkpoint_of_other_classes_is_refused(
    run_tool, config, digits, checkpoint
):
    options = [*digits, 'model.head.num_classes=5']
    with pytest.raises(ValueError, match='of 10 classes, but the config has'):
        run_tool('test', config('an'), checkpoint, options=options)


def test_a_pickle_is_refused_and_not_run(run_tool, config, digits, tmp_path):
    class Exploit:
        def __reduce__(self):
            return open, (str(tmp_path / 'made'), 'w')

    torch.save(Exploit(), tmp_path / 'evil.pth')
    with pytest.raises(ValueError, match='damaged or holds more than plain'):
        run_tool('test', config('an'), 'evil.pth', options=digits)
    assert not (tmp_path / 'made').exists()
