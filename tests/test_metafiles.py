"""Each config stands in its metafile, each metafile in the index."""

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FOLDERS = sorted(p.parent for p in ROOT.glob('configs/[!_]*/metafile.yml'))


def read(path):
    return yaml.safe_load(path.read_text())


def test_the_index_imports_every_method():
    folders = [p for p in (ROOT / 'configs').iterdir() if p.name != '_base_']
    expected = [f'configs/{p.name}/metafile.yml' for p in sorted(folders)]
    assert read(ROOT / 'model-index.yml')['Import'] == expected


@pytest.mark.parametrize('folder', FOLDERS, ids=lambda path: path.name)
def test_a_metafile_lists_the_configs_of_its_folder(folder):
    content = read(folder / 'metafile.yml')
    (collection,) = content['Collections']
    paths = sorted(path.relative_to(ROOT) for path in folder.glob('*.py'))
    assert [Path(m['Config']) for m in content['Models']] == paths
    assert [m['Name'] for m in content['Models']] == [p.stem for p in paths]
    names = {m['In Collection'] for m in content['Models']}
    assert names == {collection['Name']}
    assert (ROOT / collection['README']).is_file()
