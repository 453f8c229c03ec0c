"""The published runs, and their averages."""

import pytest

from mmwsml.benchmark.model_zoo.results import (
    RUNS,
    measure,
    publish_runs,
    read_published_runs,
)


@pytest.fixture(autouse=True)
def configs(tmp_path):
    for name in 'ab':
        (tmp_path / 'configs' / name).mkdir(parents=True)
        (tmp_path / 'configs' / name / f'{name}.py').touch()


def test_seeds_are_averaged_and_rounded_once(tmp_path, runs_csv):
    lines = (
        'a,2,48.0,46,45,9',
        'a,0,47.7,48,44,7',
        'b--delta_rel-2,0,9,9,9,1',
    )
    publish_runs(tmp_path, [runs_csv(*lines)], 'a laptop', 'abc123')
    measured = measure(read_published_runs(tmp_path))
    assert set(measured) == {'a'}  # b was run with something changed
    assert measured['a'].metadata == {
        'Training Seeds': '0, 2',
        'Best Epochs': '7, 9',
        'Training Resources': 'a laptop',
        'Code Version': 'abc123',
    }
    assert measured['a'].metrics == {
        'mAP': 47.9,  # of 47.85, in floating point just above
        'mAP std': 0.2,
        'Validation mAP': 47.0,
        'Validation mAP std': 1.4,
        'Last Validation mAP': 44.5,
        'Last Validation mAP std': 0.7,
    }


def test_one_seed_has_no_deviation(tmp_path, runs_csv):
    publish_runs(tmp_path, [runs_csv('a,0,10,9,8,1')], 'x', 'y')
    metrics = measure(read_published_runs(tmp_path))['a'].metrics
    assert metrics == {
        'mAP': 10.0,
        'Validation mAP': 9.0,
        'Last Validation mAP': 8.0,
    }


def test_new_runs_join_or_replace_the_published(tmp_path, runs_csv):
    first = runs_csv('a,0,10,9,8,1', 'a,1,12,9,8,1')
    publish_runs(tmp_path, [first], 'x', 'old')
    second = runs_csv('a,1,20,9,8,3', 'a,2,30,9,8,1', name='second.csv')
    publish_runs(tmp_path, [second], 'x', 'new')
    lines = (tmp_path / RUNS).read_text().splitlines()
    assert lines == [
        'run,seed,test,val_best,val_last,best_epoch,resources,code_version',
        'a,0,10.00,9.00,8.00,1,x,old',
        'a,1,20.00,9.00,8.00,3,x,new',
        'a,2,30.00,9.00,8.00,1,x,new',
    ]
    measured = measure(read_published_runs(tmp_path))['a']
    assert measured.metrics['mAP'] == 20.0
    assert measured.metadata['Code Version'] == 'old, new'


def test_a_repository_without_runs_has_none(tmp_path):
    assert read_published_runs(tmp_path) == {}


def test_another_file_is_refused_and_changes_nothing(tmp_path):
    path = tmp_path / 'x.csv'
    path.write_text('run,seed,test\n')
    with pytest.raises(ValueError, match='has no column val_best'):
        publish_runs(tmp_path, [path], 'x', 'y')
    assert not (tmp_path / RUNS).exists()


@pytest.mark.parametrize('name', ['c', 'c--images-10'])
def test_runs_of_an_unknown_config_are_refused(tmp_path, runs_csv, name):
    with pytest.raises(ValueError, match='but c is not there'):
        publish_runs(tmp_path, [runs_csv(f'{name},0,1,2,3,4')], 'x', 'y')
    assert not (tmp_path / RUNS).exists()


def test_published_runs_must_say_where_they_were_made(tmp_path, runs_csv):
    (tmp_path / 'docs' / 'results').mkdir(parents=True)
    runs_csv('a,0,1,2,3,4').rename(tmp_path / RUNS)
    with pytest.raises(ValueError, match='has no column resources'):
        read_published_runs(tmp_path)
