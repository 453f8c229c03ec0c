"""The wheel carries what a user of pip or mim needs."""

import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from mmwsml.version import __version__

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope='module')
def wheel(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp('wheel'))
    command = [sys.executable, '-m', 'pip', 'wheel', str(ROOT), '-q']
    options = ['--no-deps', '--no-build-isolation', '-w', folder]
    subprocess.run([*command, *options], check=True)
    (path,) = Path(folder).glob('mmwsml-*.whl')
    with zipfile.ZipFile(path) as file:
        yield file


@pytest.mark.slow
@pytest.mark.dist
def test_the_wheel_holds_package_configs_and_tools(wheel):
    names = set(wheel.namelist())
    for folder in ('configs', 'tools', 'mmwsml'):
        target = 'mmwsml' if folder == 'mmwsml' else f'mmwsml/.mim/{folder}'
        for path in (ROOT / folder).rglob('*.py'):
            if '.mim' in path.parts:
                continue
            name = f'{target}/{path.relative_to(ROOT / folder).as_posix()}'
            assert name in names
    assert 'mmwsml/.mim/model-index.yml' in names
    assert {'mmwsml/benchmark/published.csv', 'mmwsml/py.typed'} <= names
    report = ROOT / 'mmwsml' / 'analysis' / 'report'
    for ending in ('css', 'html', 'js'):
        paths = list(report.rglob(f'*.{ending}'))
        assert paths
        assert names >= {path.relative_to(ROOT).as_posix() for path in paths}
    assert 'mmwsml/.mim/tools/dist_train.sh' in names
    assert not any(name.startswith('tests') for name in names)


@pytest.mark.slow
@pytest.mark.dist
def test_the_wheel_says_what_it_is(wheel):
    name = f'mmwsml-{__version__}.dist-info/METADATA'
    meta = Parser().parsestr(wheel.read(name).decode())
    assert meta['Author'] == 'The MMWSML authors'
    assert meta['License'] == 'Apache-2.0' and meta['License-File']
    assert 'partial labels' in meta['Keywords'].split(',')
    kinds = meta.get_all('Classifier')
    for minor in range(9, 14):
        assert f'Programming Language :: Python :: 3.{minor}' in kinds
    assert any(kind.startswith('License :: OSI') for kind in kinds)
    assert any(kind.startswith('Topic :: ') for kind in kinds)
    assert not meta.get_all('Project-URL') and not meta['Home-page']
    extras = set(meta.get_all('Provides-Extra'))
    assert extras >= {'onedl', 'openmmlab', 'tests', 'docs'}
