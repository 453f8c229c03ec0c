"""Many runs: what is done is not run again, a failure stops no other."""

import pytest

from mmwsml.benchmark.execute_all import Benchmark
from mmwsml.benchmark.processes import Launch, hold


@pytest.fixture
def start(fake_root, plan_fake):
    """Return a function that runs and returns open runs and what was said."""

    def start(slots=(None,), wrapper=(), **plan):
        runs, said = plan_fake(**plan).runs, []
        tools = fake_root / 'tools'
        benchmark = Benchmark(runs, tools, slots, Launch(wrapper), said.append)
        return benchmark.execute(), said

    return start


def test_every_run_is_trained_and_tested_once(start, calls):
    num_open, said = start(methods=['an', 'full'], seeds=['0', '1'])
    assert num_open == 0
    assert calls() == [
        f'{what} {method} {seed}{" 1 None" * (what == "train")}'
        for seed in (0, 1)
        for method in ('full', 'an')
        for what in ('train', 'test')
    ]
    assert said[0] == '4 runs: 0 done, 4 to go; time: 15 min.'
    assert said[1].startswith('[1/4] full seed 0 (digitscenes): test mAP 90.0')
    assert 'best epoch 2, took' in said[1]
    assert said[-1].endswith('time left: 0 s.')


def test_started_again_it_runs_the_rest_only(start, calls):
    start(methods=['an'])
    calls()
    num_open, said = start(methods=['an', 'full'])
    assert num_open == 0 and calls() == ['train full 0 1 None', 'test full 0']
    assert said[0].startswith('2 runs: 1 done, 1 to go; time: ')
    assert 'unknown' not in said[0]


def test_a_failure_is_recorded_and_the_others_go_on(start, find_config, calls):
    find_config('full').with_suffix('.0').write_text('error')
    num_open, said = start(methods=['full', 'an'])
    assert num_open == 1
    assert 'full seed 0 (digitscenes): failed, train.py ended with' in said[1]
    assert '[2/2] an seed 0 (digitscenes): test mAP 60.0' in said[2]
    calls()
    assert start(methods=['full', 'an'])[0] == 0  # tried again
    assert calls() == ['train full 0 1 None', 'test full 0']


def test_several_at_a_time_share_the_gpus(start, calls):
    slots = ['a', 'b', 'c']
    assert start(slots, seeds=['0', '1', '2'])[0] == 0
    trained = [line.split() for line in calls() if line.startswith('train')]
    assert len(trained) == len({tuple(line[:3]) for line in trained}) == 15
    assert {line[4] for line in trained} <= set(slots)


def test_a_folder_that_another_process_holds_is_left_alone(
    start, plan_fake, calls
):
    (run,) = plan_fake(methods=['an']).runs
    with hold(run.folder):
        num_open, said = start(methods=['an'])
    assert num_open == 1 and calls() == []
    assert 'is being run by another process' in said[1]


def test_a_wrapper_comes_before_each_command(start, tmp_path):
    srun = tmp_path / 'srun'
    srun.write_text(f'#!/bin/sh\necho "$1" >> {srun}.log\nshift\nexec "$@"\n')
    srun.chmod(0o755)
    assert start(wrapper=[str(srun), '-p=gpus'], methods=['an'])[0] == 0
    assert (tmp_path / 'srun.log').read_text() == '-p=gpus\n' * 2
