"""What mim makes of the metafiles, with its own code where it is there.

It needs an environment of its own, since it asks for versions that torch's
packages do not take: `pip install --no-deps openmim` and what it imports.
"""

import importlib.util
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
METAFILES = sorted(ROOT.glob('configs/[!_]*/metafile.yml'))
with_mim = pytest.mark.skipif(
    importlib.util.find_spec('mim') is None, reason='openmim is not installed'
)


def find_values(path):
    """List what mim turns into a table of one model each."""
    content = yaml.safe_load(path.read_text())
    for model in content['Models']:
        yield from model['Metadata'].items()
        for result in model.get('Results', ()):
            yield from result['Metrics'].items()


@pytest.mark.parametrize('path', METAFILES, ids=lambda path: path.parent.name)
def test_values_are_of_the_kinds_that_mim_reads(path):
    """Texts, numbers, and lists of texts; `mim search` ends at others."""
    for name, value in find_values(path):
        for item in value if isinstance(value, list) else [value]:
            kinds = str if isinstance(value, list) else (str, int, float)
            assert isinstance(item, kinds), (path, name, value)


@with_mim
def test_mim_reads_every_model():
    from mim.commands.search import convert2df
    from modelindex.load_model_index import load

    table = convert2df(load(str(ROOT / 'model-index.yml')))
    names = {path.stem for path in ROOT.glob('configs/[!_]*/*.py')}
    assert set(table.index) == names
    row = table.loc['ll-r_digitnet_1xb16-adam-15e_digitscenes-1pos']
    assert row['training_seeds'] == '0, 1, 2'
    assert row['digitscenes/map'] > 90
    assert 'weight' not in table.columns  # so that `mim download` refuses
