"""The files of the model zoo are what configs and metafiles say."""

from pathlib import Path

import pytest

from mmwsml.analysis.model_zoo import find_stale, refresh
from mmwsml.analysis.model_zoo.metafile import read_metafile
from mmwsml.analysis.model_zoo.results import read_results

ROOT = Path(__file__).parents[3]


def test_the_files_of_this_repository_are_fresh():
    stale = [str(path.relative_to(ROOT)) for path in find_stale(ROOT)]
    assert not stale, f'{stale} are stale; run python tools/model_zoo.py'


def test_what_is_written_is_fresh_and_written_once(repository):
    written = refresh(repository)
    names = sorted(str(path.relative_to(repository)) for path in written)
    assert names == [
        'README.md',
        'configs/an/metafile.yml',
        'configs/ll-ct/metafile.yml',
        'docs/model-zoo.md',
        'model-index.yml',
    ]
    assert find_stale(repository) == [] and refresh(repository) == []


def test_results_reach_metafile_and_page_and_stay(repository, table, names):
    path = table(f'{names[0]},,0 1,5 6,81.26,0.44,80')
    refresh(repository, read_results([path], 'a laptop', 'abc123'))
    refresh(repository)  # without results nothing is forgotten
    folder = repository / 'configs' / 'an'
    (model,) = read_metafile(folder / 'metafile.yml')['Models']
    assert model['Metadata'] == {
        'Training Data': 'DigitScenes',
        'Training Seeds': [0, 1],
        'Best Epochs': [5, 6],
        'Training Resources': 'a laptop',
        'Code Version': 'abc123',
    }
    (result,) = model['Results']
    assert result['Metrics']['mAP'] == 81.3
    readme = (repository / 'README.md').read_text()
    assert '| Assume negative | 0, 1 | 5, 6 | 81.3 ± 0.4 | 80.0 |' in readme
    assert readme.startswith('Above.') and readme.endswith('Below.\n')


def test_new_results_replace_all_of_the_old(repository, table, names):
    for line in ('0 1,5 6,81,0.4,80', '3,,70,,'):
        path = table(f'{names[0]},,{line}')
        refresh(repository, read_results([path], 'a laptop', 'abc123'))
    (model,) = read_metafile(repository / 'configs/an/metafile.yml')['Models']
    assert model['Metadata']['Training Seeds'] == [3]
    assert 'Best Epochs' not in model['Metadata']
    assert model['Results'][0]['Metrics'] == {'mAP': 70.0}


def test_a_row_goes_with_its_config(repository, names):
    refresh(repository)
    folder = repository / 'configs' / 'an'
    (folder / f'{names[0]}.py').rename(folder / f'{names[0]}-64px.py')
    assert folder / 'metafile.yml' in find_stale(repository)


def test_results_of_an_unknown_config_are_refused(repository, table):
    measured = read_results([table('an_x,,0,1,2,,')], 'a', 'b')
    with pytest.raises(ValueError, match='an_x is not there'):
        refresh(repository, measured)
