"""Processes, locks and GPUs."""

import sys

import pytest

from mmwsml.benchmark.processes import (
    Launch,
    Processes,
    StoppedError,
    gpu_slots,
    hold,
    plan_launch,
)


def test_a_folder_is_held_once(tmp_path):
    with hold(tmp_path / 'a') as first, hold(tmp_path / 'a') as second:
        assert first is not None and second is None
    with hold(tmp_path / 'a') as third:
        assert third is not None


def test_output_and_status_are_kept(tmp_path):
    with hold(tmp_path) as lock:
        code = "import os; print(os.environ['CUDA_VISIBLE_DEVICES']); exit(3)"
        command, log = [sys.executable, '-c', code], tmp_path / 'log'
        assert Processes().run(command, log, 'gpu5', lock) == 3
        assert Processes().run(command, log, 'gpu6', lock) == 3
    assert log.read_text() == 'gpu5\ngpu6\n'


def test_nothing_starts_after_the_stop(tmp_path):
    processes = Processes()
    processes.stop()
    with hold(tmp_path) as lock, pytest.raises(StoppedError):
        processes.run(['false'], tmp_path / 'log', None, lock)


@pytest.mark.parametrize(
    'jobs, num_gpus, visible, slots',
    [
        (2, 0, '', [None, None]),
        (2, 2, '', ['0', '1']),
        (3, 2, '', ['0', '1', '0']),
        (2, 2, '4,GPU-7', ['4', 'GPU-7']),
        (1, 2, '4,7', ['4']),
    ],
)
def test_jobs_are_spread_over_gpus(jobs, num_gpus, visible, slots):
    assert gpu_slots(jobs, num_gpus, visible) == slots


@pytest.mark.parametrize(
    'jobs, visible, slots',
    [
        (2, '', ['0,1', '2,3']),
        (3, '', ['0,1', '2,3', '0,1']),
        (1, '7,5,3,1,0', ['7,5']),
    ],
)
def test_a_run_may_take_several_gpus(jobs, visible, slots):
    assert gpu_slots(jobs, 5, visible, 2) == slots


def test_more_gpus_than_there_are_are_refused():
    with pytest.raises(ValueError, match='is 4, but there are 2 GPUs here'):
        gpu_slots(1, 2, '', 4)
    assert gpu_slots(1, 0, '', 4) == [None]


def test_several_processes_are_started_by_torchrun_or_slurm():
    assert plan_launch(1, '') == Launch()
    launch = plan_launch(3, '')
    assert launch.launcher == 'pytorch'
    assert '--nproc-per-node=3' in launch.wrapper
    assert plan_launch(1, 'p').launcher == 'none'
    launch = plan_launch(3, 'p')
    assert launch.launcher == 'slurm' and '--ntasks=3' in launch.wrapper
