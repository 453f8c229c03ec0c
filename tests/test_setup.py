"""The wheel carries what a user of pip or mim needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
@pytest.mark.dist
def test_the_wheel_holds_package_configs_and_tools(tmp_path):
    command = [sys.executable, '-m', 'pip', 'wheel', str(ROOT), '-q']
    options = ['--no-deps', '--no-build-isolation', '-w', str(tmp_path)]
    subprocess.run([*command, *options], check=True)
    (wheel,) = tmp_path.glob('mmwsml-*.whl')
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ('configs', 'tools', 'mmwsml'):
        target = 'mmwsml' if folder == 'mmwsml' else f'mmwsml/.mim/{folder}'
        for path in (ROOT / folder).rglob('*.py'):
            if '.mim' in path.parts:
                continue
            name = f'{target}/{path.relative_to(ROOT / folder).as_posix()}'
            assert name in names
    assert 'mmwsml/.mim/model-index.yml' in names
    assert {'mmwsml/benchmark/published.csv', 'mmwsml/py.typed'} <= names
    for ending in ('css', 'html', 'js'):
        assert f'mmwsml/analysis/report/report.{ending}' in names
    assert 'mmwsml/.mim/tools/dist_train.sh' in names
    assert not any(name.startswith('tests') for name in names)
