"""One line a run."""

import pytest

from mmwsml.benchmark.run_table import COLUMNS, dump_runs, read_runs

HEAD = ','.join(COLUMNS)
RUN = dict(test=81.25, best=80.0, last=70.5, best_step=5)


def test_what_is_written_is_read(tmp_path):
    runs = {('b', 0): RUN, ('a', 10): RUN, ('a', 2): {**RUN, 'test': 1.0}}
    path = tmp_path / 'runs.csv'
    path.write_text(dump_runs(runs))
    assert read_runs([path]) == runs
    names = [line[:4] for line in path.read_text().splitlines()[1:]]
    assert names == ['a,2,', 'a,10', 'b,0,']


def test_further_columns_are_kept_as_text(tmp_path):
    path = tmp_path / 'runs.csv'
    path.write_text(f'{HEAD},made\na,0,1,2,3,4,"here, now"\n')
    runs = read_runs([path])
    assert runs['a', 0]['made'] == 'here, now'
    assert dump_runs(runs, ['made']).endswith(',"here, now"\n')


def test_of_two_files_the_last_counts(tmp_path):
    for name, test in (('x', 1), ('y', 2)):
        (tmp_path / name).write_text(f'{HEAD}\na,0,{test},2,3,4\n')
    runs = read_runs([tmp_path / 'x', tmp_path / 'y'])
    assert runs['a', 0]['test'] == 2


@pytest.mark.parametrize(
    'text, rule',
    [
        ('config,seed\n', 'has no column run'),
        ('', 'has no column run'),
        (f'{HEAD}\na,0,1,2,3,x\n', 'line 2: best_epoch must be a number'),
        (f'{HEAD}\na,0,,2,3,4\n', "line 2: test must be .*, but is ''"),
        (f'{HEAD}\na,0\n', 'test must be a number from 0, but is None'),
        (
            f'{HEAD}\na,-1,1,2,3,4\n',
            "seed must be .*, but is '-1'",
        ),
        (f'{HEAD}\na,0,nan,2,3,4\n', "test must be .*, but is 'nan'"),
        (f'{HEAD}\na,0,inf,2,3,4\n', "test must be .*, but is 'inf'"),
    ],
)
def test_another_file_is_refused(tmp_path, text, rule):
    path = tmp_path / 'runs.csv'
    path.write_text(text)
    with pytest.raises(ValueError, match=rule):
        read_runs([path])


@pytest.mark.parametrize('content', [None, b'\x89PNG'])
def test_what_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / 'runs.csv'
    if content:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=r'runs\.csv .*, but cannot be read'):
        read_runs([path])


def test_a_spreadsheet_may_have_saved_it(tmp_path):
    path = tmp_path / 'runs.csv'
    path.write_text(f'{HEAD}\na,0,1,2,3,4\n', encoding='utf-8-sig')
    assert set(read_runs([path])) == {('a', 0)}


def test_further_columns_may_be_demanded(tmp_path):
    path = tmp_path / 'runs.csv'
    path.write_text(f'{HEAD}\n')
    with pytest.raises(ValueError, match='has no column made'):
        read_runs([path], ['made'])
