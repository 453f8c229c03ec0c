"""What `import mmwsml` imports, and when MMPretrain knows of it."""

import subprocess
import sys

import pytest

import mmwsml

#: Before MMPretrain is imported nothing is slow; then all is registered.
AFTER = """
import sys
import mmwsml
slow = [n for n in ('torch', 'mmengine', 'mmpretrain') if n in sys.modules]
from mmpretrain import list_models
from mmpretrain.registry import MODELS
found = MODELS.get('mmwsml.DigitNet').__name__
print(slow, len(list_models('*ll-ct_digitnet*')) > 0, found)
"""
#: A config alone, by MMEngine, finds a part of ours by its name.
ALONE = """
import mmwsml
from mmengine.registry import MODELS
with MODELS.switch_scope_and_registry('mmpretrain') as models:
    found = models.get('mmwsml.DigitNet').__name__
print(found, mmwsml.registry.MODELS.scope)
"""


def run(program):
    """Run a program in a process of its own; return what it prints last."""
    run = subprocess.run(
        [sys.executable, '-c', program], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert 'mmcv-lite' not in run.stderr  # MMCV's advice to all
    return run.stdout.splitlines()[-1]


@pytest.mark.dist
@pytest.mark.parametrize(
    'program, printed',
    [(AFTER, '[] True DigitNet'), (ALONE, 'DigitNet mmwsml')],
    ids=['after', 'alone'],
)
def test_mmpretrain_knows_our_parts_as_soon_as_it_is_there(program, printed):
    assert run(program) == printed


def test_what_is_imported_later_is_there():
    assert mmwsml.registry.MODELS.scope == 'mmwsml'
    with pytest.raises(AttributeError, match=r"'mmwsml' has no .*'nothing'"):
        mmwsml.nothing  # noqa: B018
