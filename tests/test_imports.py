"""The floors of the package: a file imports from lower floors only."""

import ast
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(
    path.relative_to(ROOT)
    for path in (ROOT / 'mmwsml').rglob('*.py')
    if '.mim' not in path.parts
)
TENSORS = ('torch', 'numpy')
#: From the ground up; rooms of one floor do not import each other.
FLOORS = (
    (
        'structures',
        'registry',
        'refusals',
        'shipped_configs',
        'config_options',
    ),
    (
        'registration',
        'command_line',
        'label_files',
        'models',
        'evaluation',
        'records',
    ),
    ('datasets',),
    ('inference',),
    ('engine',),
    ('analysis',),
    ('benchmark',),
    ('recipe',),
    ('__main__',),
)
FLOOR_OF = {room: n for n, rooms in enumerate(FLOORS) for room in rooms}
#: Files that know no package but torch and NumPy.
GROUND = (
    'mmwsml.structures',
    'mmwsml.evaluation.functional',
    'mmwsml.models.selections.select_largest',
)
APART = ('mmwsml.environment', 'mmwsml.version')


def module_of(path):
    """Name the module of a file."""
    parts = path.with_suffix('').parts
    return '.'.join(parts[:-1] if parts[-1] == '__init__' else parts)


def imports_of(source, package):
    """Name what a file of a package imports, `from a import b` as a.b."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package.split('.')
            base = base[: len(base) - node.level + 1] if node.level else []
            base += [node.module] if node.module else []
            names |= {'.'.join([*base, a.name]) for a in node.names}
    return names


# Before Python 3.10 there is no list: any package that pip did not install.
STDLIB = set(getattr(sys, 'stdlib_module_names', ())) or {
    path.stem for path in Path(os.__file__).parent.iterdir()
}


def is_in(name, packages):
    """Whether a name is one of the packages or inside one."""
    return any(f'{name}.'.startswith(f'{package}.') for package in packages)


def find_breach(module, name):
    """Say why a module may not import a name, or nothing."""
    if not is_in(name, ['mmwsml']):
        allowed = set(STDLIB)
        if is_in(module, GROUND):
            allowed |= set(TENSORS)
        elif module == 'mmwsml.registry':
            allowed |= {*TENSORS, 'mmengine', 'mmpretrain'}
        elif not is_in(module, APART):
            return None
        return None if is_in(name, allowed) else 'a foreign package'
    if is_in(module, APART):
        return 'the package'
    if module == 'mmwsml':
        return None
    room, other = module.split('.')[1], (name.split('.') + [''])[1]
    if is_in(module, GROUND) and not is_in(name, (*GROUND, *APART)):
        return 'a file above the ground'
    if room == other or other == 'version':
        return None
    lower = FLOOR_OF.get(other, len(FLOORS)) < FLOOR_OF[room]
    return None if lower else 'its own floor or one above'


@pytest.mark.parametrize('path', FILES, ids=str)
def test_a_file_imports_from_lower_floors_only(path):
    module = module_of(path)
    is_package = path.name == '__init__.py'
    package = module if is_package else module.rpartition('.')[0]
    for name in imports_of((ROOT / path).read_text(), package):
        breach = find_breach(module, name)
        assert not breach, f'{path} imports {name}: {breach}'


def test_every_floor_is_walked():
    modules = {module_of(path) for path in FILES}
    rooms = {module.split('.')[1] for module in modules - {'mmwsml'}}
    assert set(GROUND) <= modules
    assert rooms == {*FLOOR_OF, *(name.split('.')[1] for name in APART)}


@pytest.mark.parametrize(
    'module, name',
    [
        ('mmwsml.structures.labels', 'mmengine.structures'),
        ('mmwsml.structures.labels', 'mmwsml.registry.MODELS'),
        (
            'mmwsml.models.selections.select_largest',
            'mmwsml.models.losses.FullLabel',
        ),
        ('mmwsml.evaluation.functional', 'sklearn.metrics'),
        ('mmwsml.registry', 'mmcv.transforms'),
        ('mmwsml.registry', 'mmwsml.models'),
        ('mmwsml.label_files.convert', 'mmwsml.datasets.DigitScenes'),
        ('mmwsml.records.load', 'mmwsml.evaluation.Predictions'),
        ('mmwsml.models.heads', 'mmwsml.evaluation.metrics'),
        ('mmwsml.evaluation.metrics', 'mmwsml.datasets'),
        ('mmwsml.models.heads', 'mmwsml.engine.hooks'),
        ('mmwsml.engine.samples', 'mmwsml.analysis.export'),
        ('mmwsml.environment', 'torch'),
        ('mmwsml.version', 'mmwsml.registry'),
    ],
)
def test_a_breach_is_found(module, name):
    assert find_breach(module, name)


@pytest.mark.parametrize(
    'source, name',
    [
        ('import torch.nn', 'torch.nn'),
        ('from torch import nn', 'torch.nn'),
        ('from . import a', 'mmwsml.models.heads.a'),
        ('from ..losses import b', 'mmwsml.models.losses.b'),
        ('from ...engine.head import c', 'mmwsml.engine.head.c'),
        ('def f():\n    from mmwsml import engine', 'mmwsml.engine'),
    ],
)
def test_an_import_is_found_however_it_is_written(source, name):
    assert imports_of(source, 'mmwsml.models.heads') == {name}
