"""The code of docs/extend.md runs as it stands there."""

import importlib
import inspect
import re
import runpy
import sys
from pathlib import Path

import pytest

from mmwsml import registry

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / 'docs' / 'extend.md').read_text()
FILES = dict(
    re.findall(r'<!-- file: (\S+) -->\n```python\n(.*?)```', PAGE, re.DOTALL)
)
SMALL = [
    'train_cfg.max_epochs=1',
    'train_dataloader.dataset.indices=32',
    'train_dataloader.num_workers=0',
    'val_dataloader.dataset.indices=16',
    'val_dataloader.num_workers=0',
]


@pytest.fixture
def page(tmp_path, digit_scenes, monkeypatch):
    """Write the files of the page; forget its modules and parts after."""
    for name, code in FILES.items():
        (tmp_path / name).write_text(code)
    (tmp_path / 'configs').symlink_to(ROOT / 'configs')
    (tmp_path / 'data').mkdir()
    (tmp_path / 'data' / 'digit_scenes').symlink_to(digit_scenes)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    kinds = (registry.MODELS, registry.TRANSFORMS, registry.DATASETS)
    for kind in kinds:
        kind.import_from_location()
    before = [dict(kind.module_dict) for kind in kinds]
    yield tmp_path
    for kind, parts in zip(kinds, before):
        for name in set(kind.module_dict) - set(parts):
            del kind.module_dict[name]
    for name in FILES:
        sys.modules.pop(name.partition('.')[0], None)


@pytest.mark.parametrize(
    'name', [name for name in FILES if name.startswith('test_')]
)
def test_its_tests_pass(page, name):
    module = importlib.import_module(name.partition('.')[0])
    tests = {k: v for k, v in vars(module).items() if k.startswith('test_')}
    assert len(tests) >= 2
    for key, test in tests.items():
        (page / key).mkdir()
        wants_folder = 'tmp_path' in inspect.signature(test).parameters
        test(*[page / key] * wants_folder)


@pytest.mark.slow
@pytest.mark.parametrize(
    'name', [name for name in FILES if name.endswith('_config.py')]
)
def test_its_configs_train_and_evaluate(page, name, run_tool):
    if 'dataset' in name:
        runpy.run_path(str(page / 'make_lists.py'))
    run_tool('train', page / name, '--work-dir', 'w', options=SMALL)
    assert list((page / 'w').glob('best_multi-label_mAP_epoch_1.pth'))


def test_a_command_runs_each_file_of_it():
    commands = ''.join(re.findall(r'```bash\n(.*?)```', PAGE, re.DOTALL))
    for name in FILES:
        is_part = f'{name.removesuffix(".py")}_config.py' in FILES
        assert is_part or name in commands


def test_its_code_is_of_the_style_of_the_package():
    for name, code in FILES.items():
        assert max(map(len, code.splitlines())) <= 79, name
