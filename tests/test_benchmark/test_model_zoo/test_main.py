"""The files of the model zoo are what configs and metafiles say."""

from pathlib import Path

import pytest

from mmwsml.benchmark.config_names import read_name
from mmwsml.benchmark.model_zoo import find_stale, refresh
from mmwsml.benchmark.model_zoo.main import BLOCK, compare, fill_page
from mmwsml.benchmark.model_zoo.metafile import read_metafile
from mmwsml.benchmark.model_zoo.results import RUNS, publish_runs

ROOT = Path(__file__).parents[3]


def test_the_files_of_this_repository_are_fresh():
    stale = [str(path.relative_to(ROOT)) for path in find_stale(ROOT)]
    assert not stale, f'{stale} are stale; run python tools/model_zoo.py'


def test_what_is_written_is_fresh_and_written_once(repository):
    written = refresh(repository)
    names = sorted(str(path.relative_to(repository)) for path in written)
    assert names == [
        'configs/an/metafile.yml',
        'configs/ll-ct/metafile.yml',
        'docs/model-zoo.md',
        'docs/results.md',
        'model-index.yml',
    ]
    assert find_stale(repository) == [] and refresh(repository) == []


def test_results_reach_metafile_and_page_and_stay(repository, runs_csv, names):
    lines = f'{names[0]},0,81.0,80,70,5', f'{names[0]},1,81.6,80,70,6'
    publish_runs(repository, [runs_csv(*lines)], 'a laptop', 'abc123')
    refresh(repository)
    (repository / RUNS).unlink()
    refresh(repository)  # without runs nothing is forgotten
    folder = repository / 'configs' / 'an'
    (model,) = read_metafile(folder / 'metafile.yml')['Models']
    assert model['Metadata'] == {
        'Training Data': 'DigitScenes',
        'Training Seeds': '0, 1',
        'Best Epochs': '5, 6',
        'Training Resources': 'a laptop',
        'Code Version': 'abc123',
    }
    (result,) = model['Results']
    assert result['Metrics']['mAP'] == 81.3
    page = (repository / 'docs/results.md').read_text()
    assert '| Assume negative | 0, 1 | 5, 6 | 81.3 ± 0.4 | 80.0 ' in page
    assert page.startswith('Above.') and page.endswith('Below.\n')


def test_a_page_compares_published_runs(repository, runs_csv, names):
    lines = f'{names[0]},0,81.0,80,70,5', f'{names[0]},1,81.6,80,70,6'
    publish_runs(repository, [runs_csv(*lines)], 'a laptop', 'abc123')
    page = repository / 'docs' / 'methods.md'
    page.write_text('<!-- runs: demo/digitscenes -->\n<!-- end of runs -->\n')
    refresh(repository)
    line = '| an | 1pos | 0, 1 | 81.3 ± 0.4 | 80.0 ± 0.0 | 70.0 ± 0.0 | 5, 6 |'
    assert f'{line} n/a |\n<!-- end of runs -->' in page.read_text()


def test_a_row_goes_with_its_config(repository, names):
    refresh(repository)
    folder = repository / 'configs' / 'an'
    (folder / f'{names[0]}.py').rename(folder / f'{names[0]}-64px.py')
    assert folder / 'metafile.yml' in find_stale(repository)


def test_runs_whose_config_is_gone_are_refused(repository, runs_csv, names):
    lines = f'{names[0]}--images-10,0,1,2,3,4', f'{names[1]},0,1,2,3,4'
    publish_runs(repository, [runs_csv(*lines)], 'a', 'b')
    (repository / 'configs' / 'an' / f'{names[0]}.py').unlink()
    with pytest.raises(ValueError, match=f'{names[0]} is not there'):
        refresh(repository)


@pytest.mark.parametrize(
    'text',
    [
        '<!-- zoo: cub -->\n',
        '<!-- end of zoo -->\n',
        '<!-- zoo: a -->\n<!-- zoo: b -->\n<!-- end of zoo -->\n',
        '<!-- zoo: a -->\n<!-- end of runs -->\n',
        '<!-- runs: a -->\n',
    ],
)
def test_a_marker_without_its_half_is_refused(tmp_path, text):
    path = tmp_path / 'page.md'
    path.write_text(text)
    with pytest.raises(ValueError, match=r'page\.md: each <!-- zoo: NAME'):
        fill_page(path, {})


def test_each_data_set_with_configs_has_its_table():
    text = (ROOT / 'docs' / 'model-zoo.md').read_text()
    paths = (ROOT / 'configs').glob('[!_]*/*.py')
    datasets = {read_name(path.stem).dataset for path in paths}
    shown = {block['name'] for block in BLOCK.finditer(text)}
    assert shown == datasets - {'images'}  # your own: nothing to report


def test_each_block_is_filled_by_its_own_kind(tmp_path):
    path = tmp_path / 'page.md'
    text = '<!-- {0}: x/y -->\n{1}<!-- end of {0} -->\n'
    path.write_text(text.format('zoo', '1\n') + text.format('runs', ''))
    page = fill_page(path, {'zoo': str.upper, 'runs': lambda name: 'r\n'})
    assert page == text.format('zoo', 'X/Y') + text.format('runs', 'r\n')


CT = 'll-ct_digitnet_1xb16-adam-15e_digitscenes-1pos'


def _result(test):
    return dict(test=test, best=test, last=test, best_step=3)


def test_what_is_varied_is_read_across():
    runs = {(CT, 0): _result(95)}
    for value, test in ((0.5, 89), (5, 80), (0.2, 84), (2, 90)):
        runs[f'{CT}--delta_rel-{value}', 0] = _result(test)
    table = compare('delta-rel/digitscenes', ROOT / 'configs', runs)
    head, _, *lines = table.splitlines()
    values = '0.2 % | 0.5 % | 1 % | 2 % | 5 %'
    assert head == f'| test mAP, by delta_rel | {values} |'
    assert lines == ['| ll-ct | 84.0 | 89.0 | 95.0 | 90.0 | 80.0 |']


@pytest.mark.parametrize('name', ['demo/coco18', 'small-data/voc12'])
def test_a_table_without_runs_is_refused(name):
    runs = {(CT, 0): _result(95)}
    with pytest.raises(ValueError, match=f"but got '{name}'"):
        compare(name, ROOT / 'configs', runs)


def test_an_unknown_preset_is_refused():
    with pytest.raises(ValueError, match='The preset must be one of'):
        compare('x/coco18', ROOT / 'configs', {})
