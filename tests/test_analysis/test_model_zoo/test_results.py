"""The numbers of a benchmark's table."""

import pytest

from mmwsml.analysis.benchmark.tables import to_csv
from mmwsml.analysis.model_zoo.results import NEEDED, read_results


def test_numbers_are_rounded_once_and_blanks_are_left_out(table):
    path = table('a,,0 2,7 9,47.849,0.16,', 'b,delta_rel 1,0,1,2,,3')
    measured = read_results([path], 'a laptop', 'abc123')
    assert set(measured) == {'a'}  # b was run with something changed
    assert measured['a'].metrics == {'mAP': 47.8, 'mAP std': 0.2}
    assert measured['a'].metadata['Training Seeds'] == [0, 2]


def test_of_two_tables_the_last_counts(table):
    paths = [
        table('a,,0,1,10,,', name='one.csv'),
        table('a,,0,1,20,,', name='two.csv'),
    ]
    assert read_results(paths, 'x', 'y')['a'].metrics == {'mAP': 20.0}


def test_the_benchmark_writes_the_columns_that_are_read():
    assert set(NEEDED) <= set(to_csv([]).strip().split(','))


def test_another_file_is_refused(tmp_path):
    path = tmp_path / 'x.csv'
    path.write_text('config,seeds\n')
    with pytest.raises(ValueError, match='has no column best_epochs'):
        read_results([path], 'x', 'y')
