"""The machinery of tools/checks/kills.py: what it counts and where it dies."""

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / 'tools' / 'checks'))

from dying.processes import run
from dying.trainings import find_difference


@pytest.fixture
def act(tmp_path):
    """Run an action that writes in `w`, to its end or its death."""
    (tmp_path / 'w').mkdir()

    def act(action, last=None):
        work, log = tmp_path / 'w', tmp_path / 'log'
        return run(lambda: action(work), work, log, last)

    return act


def write(folder):
    """Write in many ways, beside the folder too."""
    (folder.parent / 'elsewhere').write_text('not counted')
    (folder / 'a.txt').write_text('four')
    with open(folder / 'b.bin', 'wb') as file:
        file.write(b'1234')
        file.flush()
        os.fsync(file.fileno())
        file.write(b'5678')
    np.save(folder / 'c.npy', np.arange(3))
    os.replace(folder / 'a.txt', folder / 'd.txt')
    (folder / 'e').mkdir()
    (folder / 'e' / 'f').touch()
    shutil.rmtree(folder / 'e')


def test_each_writing_operation_counts(act):
    assert act(write) == [
        'open a.txt',
        'write a.txt',
        'open b.bin',
        'write b.bin',
        'fsync b.bin',
        'write b.bin',
        'open c.npy',
        'write c.npy',
        'replace d.txt',
        'mkdir e',
        'open e/f',
        'unlink e/f',
        'rmdir e',
    ]


@pytest.mark.parametrize(
    'last, left',
    [
        (1, {}),
        (2, {'a.txt': b'fo'}),
        (4, {'a.txt': b'four', 'b.bin': b'12'}),
        (6, {'a.txt': b'four', 'b.bin': b'123456'}),
    ],
)
def test_the_process_dies_at_the_operation_and_writes_half(
    act, last, left, tmp_path
):
    assert act(write, last) is None
    files = (tmp_path / 'w').iterdir()
    assert {path.name: path.read_bytes() for path in files} == left


def test_an_error_is_no_death(act):
    with pytest.raises(RuntimeError, match=r'status 1:\n(.*\n)*ZeroDivision'):
        act(lambda folder: 1 / 0, 1)


def test_the_first_difference_is_named():
    left = dict(a=[1, np.nan, 'x'], b=dict(c=(1.0, 2)))
    assert find_difference(left, dict(left)) == ''
    other = dict(left, b=dict(c=(1.0, 3)))
    assert find_difference(left, other) == '/b/c/1: 2 and 3'
    assert find_difference(left, dict(a=[])) == ": ['b']"
