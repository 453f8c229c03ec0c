"""Processes, locks and GPUs."""

import sys

import pytest

from mmwsml.analysis.benchmark.processes import (
    Processes,
    StoppedError,
    gpu_slots,
    hold,
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
