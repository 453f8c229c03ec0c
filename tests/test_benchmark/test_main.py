"""From a preset to its table, with tools that only pretend."""

import pytest

from mmwsml.benchmark.main import collect, describe, run
from mmwsml.benchmark.run_table import COLUMNS, read_runs


def test_the_demo_ends_in_table_and_plot(plan_fake, fake_root, tmp_path):
    matrix = plan_fake(seeds=['0', '1'])
    assert run(matrix, fake_root / 'tools', None) == 0
    table = collect(matrix)
    folder = tmp_path / 'work' / 'demo'
    assert (folder / 'table.md').read_text() == table
    assert '| full | full | 0, 1 | 90.5 ± 0.7 |' in table
    assert table.count('| 50.0 ± 0.0 | 80.0') == 3  # LL-R, LL-Ct, LL-Cp
    assert 'tools/benchmark.py demo --seeds 0 1`' in table
    assert 'Without a result' not in table
    assert (folder / 'plot.png').stat().st_size > 10_000
    assert (folder / 'table.csv').read_text().count('\n') == 6


def test_the_table_shows_what_earlier_calls_have_run(plan_fake, fake_root):
    tools = fake_root / 'tools'
    run(plan_fake(['full', 'an'], ['0', '3']), tools, 2)
    matrix = plan_fake(['an'], ['1'])
    run(matrix, tools, 1)
    table = collect(matrix)
    assert '| an | 1pos | 0, 1, 3 |' in table
    assert '| full | full | 0, 3 |' in table
    assert '- ll-r seed 0 (digitscenes): new' in table


def test_runs_of_another_machine_are_not_run_again(
    plan_fake, fake_root, find_config, tmp_path, calls
):
    given = tmp_path / 'runs.csv'
    lines = [','.join(COLUMNS), f'{find_config("an").stem},1,61.5,50,45,2']
    lines += [f'{find_config("an").stem},7,62,50,45,2', 'other,0,1,1,1,1']
    given.write_text('\n'.join(lines) + '\n')
    matrix = plan_fake(['an', 'full'], ['0', '1'], given=[given])
    assert run(matrix, fake_root / 'tools', None) == 0
    assert [c for c in calls() if c.startswith('train an')] == [
        'train an 0 1 None'
    ]
    table = collect(matrix)
    assert '| an | 1pos | 0, 1, 7 | 61.2 ± 1.0 |' in table
    assert '| full | full | 0, 1 | 90.5 ± 0.7 |' in table
    written = read_runs([tmp_path / 'work' / 'demo' / 'runs.csv'])
    an, full = (find_config(name).stem for name in ('an', 'full'))
    assert set(written) == {(an, 0), (full, 0), (full, 1)}  # those made here


def test_a_given_result_counts_before_what_a_folder_has(
    plan_fake, fake_root, find_config, tmp_path
):
    run(plan_fake(['an']), fake_root / 'tools', None)
    path = find_config('an')
    path.write_text(path.read_text().replace('max_epochs=3', 'max_epochs=4'))
    given = tmp_path / 'runs.csv'
    line = f'{path.stem},0,1,1,1,1'
    given.write_text('\n'.join([','.join(COLUMNS), line]) + '\n')
    table = collect(plan_fake(given=[given]))
    assert '| an | 1pos | 0 | 1.0 |' in table
    assert 'another config' not in table


def test_failures_are_named_in_the_table(plan_fake, fake_root, find_config):
    find_config('an').with_suffix('.0').write_text('error')
    matrix = plan_fake(['an'])
    assert run(matrix, fake_root / 'tools', None) == 1
    table = collect(matrix)
    assert '- an seed 0 (digitscenes): failed, train.py ended' in table


def test_the_list_says_what_there_is(plan_fake, fake_root, find_config):
    find_config('an').with_suffix('.0').write_text('kill')
    matrix = plan_fake(['full', 'an', 'll-r'])
    run(plan_fake(['full', 'an']), fake_root / 'tools', None)
    states = [line.split()[0] for line in describe(matrix).splitlines()]
    assert states == ['done', 'failed', 'new']
    (matrix.runs[1].folder / 'failed.json').unlink()
    assert describe(matrix).splitlines()[1].startswith('begun')


def test_a_changed_config_is_refused_before_anything_runs(
    plan_fake, fake_root, find_config
):
    tools = fake_root / 'tools'
    run(plan_fake(['an']), tools, None)
    path = find_config('an')
    path.write_text(path.read_text().replace('max_epochs=3', 'max_epochs=4'))
    with pytest.raises(ValueError, match='max_epochs` was 3 and now is 4'):
        plan_fake(['full', 'an'])
    matrix = plan_fake(['full'])  # which is another's business
    run(matrix, tools, None)
    table = collect(matrix)
    assert '- an seed 0 (digitscenes): made with another config' in table
    assert '| an |' not in table


def test_no_jobs_are_refused(plan_fake, fake_root):
    with pytest.raises(ValueError, match='--jobs must be 1 or more, but got'):
        run(plan_fake(['an']), fake_root / 'tools', 0)


def test_no_processes_are_refused(plan_fake, fake_root):
    with pytest.raises(ValueError, match='--gpus-per-run must be 1 or more'):
        run(plan_fake(['an']), fake_root / 'tools', None, 0)


def test_slurm_starts_each_command(
    plan_fake, fake_root, tmp_path, monkeypatch
):
    srun = tmp_path / 'srun'
    lines = ['#!/bin/sh', f'echo $@ >> {tmp_path}/srun.log', 'shift 5']
    srun.write_text('\n'.join([*lines, 'exec "$@"\n']))
    srun.chmod(0o755)
    monkeypatch.setenv('PATH', str(tmp_path), prepend=':')
    assert run(plan_fake(['an']), fake_root / 'tools', 2, 3, 'gpus') == 0
    log = (tmp_path / 'srun.log').read_text()
    assert log.count('--partition=gpus --ntasks=3 --gres=gpu:3') == 2
    assert log.count('--launcher slurm') == 2
