"""One run, from wherever it stands, with tools that only pretend."""

import json
import math
import subprocess

import pytest

from mmwsml.benchmark.execute import RunFailedError, execute, read_result
from mmwsml.records.run_folder import read_json


def call(command, log):
    with log.open('a') as out:
        return subprocess.run(command, stdout=out, stderr=out).returncode


@pytest.fixture
def run(plan_fake):
    (run,) = plan_fake(['ll-r'], ['1']).runs
    run.folder.mkdir(parents=True)
    return run


@pytest.fixture
def finish(run, fake_root):
    return lambda: execute(run, call, fake_root / 'tools')


def test_a_run_ends_in_its_result(run, finish):
    result = finish()
    assert result['test'] == 76 and result['best_step'] == 2
    assert result['best'] == 51 and result['last'] == 46
    assert result['curve'] == {1: 41, 2: 51, 3: 46}
    assert 0 < result['seconds'] < 600
    assert result['images_per_s'] == pytest.approx(80)  # 16 in 0.2 s
    written = read_json(run.folder / 'result.json')
    curve = {int(step): value for step, value in written['curve'].items()}
    assert dict(written, curve=curve) == result


def test_test_and_training_without_a_result_only_get_one(run, finish, calls):
    finish()
    (run.folder / 'result.json').unlink()
    calls()
    assert finish()['test'] == 76 and calls() == []


def test_training_without_a_test_is_only_tested(run, finish, calls):
    finish()
    (run.folder / 'best.json').unlink()
    calls()
    assert finish()['test'] == 76 and calls() == ['test ll-r 1']


@pytest.mark.parametrize('what', ['kill', 'unvalidated'])
def test_a_killed_run_goes_on(what, run, finish, calls, find_config):
    find_config('ll-r').with_suffix('.1').write_text(what)
    with pytest.raises(RunFailedError, match=r'train.py was killed by signal'):
        finish()
    assert read_json(run.folder / 'failed.json')['reason']
    calls()
    assert finish()['curve'] == {1: 41, 2: 51, 3: 46}
    assert calls() == ['train ll-r 1 2 None', 'test ll-r 1']
    assert not (run.folder / 'failed.json').exists()


def test_a_failed_run_keeps_the_end_of_its_log(run, finish, find_config):
    find_config('ll-r').with_suffix('.1').write_text('error')
    with pytest.raises(RunFailedError, match=r'status 1: .*out of memory'):
        finish()
    failed = read_json(run.folder / 'failed.json')
    assert failed['log'] == ['torch.OutOfMemoryError: CUDA out of memory.']
    assert not (run.folder / 'result.json').exists()


def test_an_map_that_is_no_number_is_a_failure(run, finish, find_config):
    find_config('ll-r').with_suffix('.test').write_text('nan')
    with pytest.raises(RunFailedError, match='not a number'):
        finish()
    assert math.isnan(read_json(run.folder / 'best.json')['multi-label/mAP'])


def test_a_best_checkpoint_that_is_gone_is_a_failure(run, finish):
    finish()
    for path in run.folder.glob('best_*.pth'):
        path.unlink()
    with pytest.raises(RunFailedError, match='no checkpoint of the epoch'):
        finish()


def test_what_pu_map_says_of_the_choice_is_kept(run, finish):
    """Where labels are positives alone, as the best file's name says."""
    assert 'rival' not in finish()
    folder = run.folder
    (best,) = folder.glob('best_*.pth')
    best.rename(folder / 'best_multi-label_pu_AUC_epoch_2.pth')
    (path,) = folder.glob('*/vis_data/scalars.json')
    lines = [
        {
            'multi-label/pu_AUC': 70 + (step == 2),
            'multi-label/pu_mAP': [20, 21, 25][step - 1],
            'step': step,
        }
        for step in (1, 2, 3)
    ]
    path.write_text('\n'.join(map(json.dumps, lines)))
    result = read_result(run)
    assert (result['rival'], result['best_rival']) == (21, 25)
