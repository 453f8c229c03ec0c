"""The sources are Python of every version that `setup.py` names.

What the machine has of these versions compiles them; the tests themselves run
on one. docs/getting-started.md says on which else they were run.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ('mmwsml', 'tools', 'configs', 'tests')
SETUP = (ROOT / 'setup.py').read_text(encoding='utf-8')
FIRST, END = map(int, re.search(r'range\((\d+), (\d+)\)', SETUP).groups())
#: Compiles every file given on stdin, and names those that it cannot.
PROGRAM = """
import sys
for path in sys.stdin.read().split('\\n'):
    with open(path, encoding='utf-8') as file:
        try:
            compile(file.read(), path, 'exec')
        except SyntaxError as error:
            print(path, error)
"""


def find_python(name):
    """Find an interpreter of a version, of the system or of pyenv."""
    root = Path(os.environ.get('PYENV_ROOT', Path.home() / '.pyenv'))
    found = [shutil.which(name), *root.glob(f'versions/*/bin/{name}')]
    for python in filter(None, found):
        # What pyenv puts on the PATH is a stand-in, which may be for none.
        run = subprocess.run([python, '-c', ''], capture_output=True)
        if run.returncode == 0:
            return python
    return None


def test_ruff_reads_the_oldest_version():
    text = (ROOT / 'pyproject.toml').read_text(encoding='utf-8')
    assert f'target-version = "py3{FIRST}"' in text
    assert f"python_requires='>=3.{FIRST}'" in SETUP


@pytest.mark.dist
@pytest.mark.parametrize('minor', [FIRST, END - 1])
def test_the_oldest_and_the_newest_version_compile_the_sources(minor):
    python = find_python(f'python3.{minor}')
    if python is None:
        pytest.skip(f'There is no Python 3.{minor} here.')
    paths = [p for name in FOLDERS for p in (ROOT / name).rglob('*.py')]
    assert len(paths) > 900
    run = subprocess.run(
        [python, '-c', PROGRAM],
        input='\n'.join(map(str, paths)),
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, '', '')
