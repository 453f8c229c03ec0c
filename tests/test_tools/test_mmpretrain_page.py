"""Every row of docs/mmpretrain.md does what the page says."""

import json
import re
import runpy
import shlex
import shutil
import sys
from collections import OrderedDict
from importlib.util import find_spec
from pathlib import Path

import mmengine.config.config
import mmpretrain
import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner
from mmengine.utils import ManagerMixin
from yapf.yapflib import yapf_api

from mmwsml import config_path

ROOT = Path(__file__).parents[2]
HOST = Path(mmpretrain.__path__[0]) / '.mim' / 'tools'
TEXT = (ROOT / 'docs' / 'mmpretrain.md').read_text()
NAME = 'll-r_digitnet_1xb16-adam-15e_digitscenes-1pos'
#: What other tests run, or cannot without more than this machine.
ELSEWHERE = ('bash ', 'mim ')


def rows_of(*titles):
    """List the rows of sections: the code, and what it ends in, if it does."""
    found = []
    for title in titles:
        section = TEXT.split(f'\n## {title}\n')[1].split('\n## ')[0]
        for line in section.splitlines():
            cells = [cell.strip() for cell in line.strip('|').split(' | ')]
            code = re.fullmatch('`(.*)`', cells[1]) if len(cells) > 1 else None
            if code:
                end = re.search('ends? in `([^`]+)`', line)
                found.append((code[1], end[1] if end else None))
    return found


COMMANDS = rows_of('Training from the command line', 'Testing and looking')
SNIPPETS = rows_of('From Python')
SETTINGS = rows_of('In a config')


def test_the_table_has_forty_habits_and_more():
    assert len(COMMANDS) + len(SNIPPETS) + len(SETTINGS) >= 70


@pytest.fixture(scope='module')
def desk(tmp_path_factory, digit_scenes):
    """A folder with a config, its checkpoint, predictions and a log."""
    folder = tmp_path_factory.mktemp('desk')
    text = f'_base_ = {config_path(NAME)!r}\n'
    scenes = folder / 'scenes' / 'v1'
    scenes.mkdir(parents=True)
    (scenes / 'images').symlink_to(digit_scenes / 'v1' / 'images')
    for split, number in (('train', 32), ('val', 16), ('test', 16)):
        whole = json.loads((digit_scenes / f'v1/{split}.json').read_text())
        whole['data_list'] = whole['data_list'][:number]
        (scenes / f'{split}.json').write_text(json.dumps(whole))
        dataset = dict(data_root=str(scenes.parent))
        loader = dict(num_workers=0, batch_size=16, dataset=dataset)
        text += f'{split}_dataloader = {loader}\n'
    (folder / 'mini.py').write_text(text + 'train_cfg = dict(max_epochs=1)\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run(patch, 'python tools/train.py CONFIG --work-dir first')
        run(patch, 'python $mm/test.py CONFIG CHECKPOINT --out pred.pkl')
    image = min((digit_scenes / 'v1/images/test').glob('*.png'))
    (folder / 'photos').mkdir()
    shutil.copy(image, folder / 'photos' / 'a.png')
    return folder


@pytest.fixture(autouse=True)
def at_the_desk(request, monkeypatch, tmp_path):
    """Work in a copy of the desk."""
    if 'desk' not in request.fixturenames:
        return
    # Half of the time of a run of two steps goes into the form of its config.
    for module in (yapf_api, mmengine.config.config):
        monkeypatch.setattr(module, 'FormatCode', keep, raising=False)
    folder = tmp_path / 'desk'
    source = request.getfixturevalue('desk')
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns('scenes'))
    monkeypatch.chdir(folder)


def keep(text, **_):
    """Stand for yapf."""
    return text, True


def run(patch, command):
    """Run a command of the page in this process, in the current folder."""
    (log,) = [*Path('first').glob('*/vis_data/scalars.json')] or ['LOG']
    for name, path in (
        ('CONFIG', 'mini.py'),
        ('CHECKPOINT', 'first/epoch_1.pth'),
        ('IMAGE', 'photos/a.png'),
        ('LOG', log),
    ):
        command = re.sub(rf'\b{name}\b', str(path), command)
    _, script, *args = shlex.split(command)
    script = script.replace('$mm', str(HOST))
    with patch.context() as inner:
        inner.setattr(sys, 'argv', [str(ROOT / script), *args])
        for name in ('LOCAL_RANK', 'TORCH_FORCE_WEIGHTS_ONLY_LOAD'):
            inner.setenv(name, '0')  # restored, whatever the tool sets
        forget_runs(inner)
        try:
            runpy.run_path(sys.argv[0], run_name='__main__')
        except SystemExit as error:
            if error.code:
                raise


def forget_runs(patch):
    """MMEngine gives two runs of one name in one second one log file."""
    kinds = [ManagerMixin]
    for kind in kinds:
        kinds += kind.__subclasses__()
        patch.setattr(kind, '_instance_dict', OrderedDict())


def meets_what_it_lacks(command):
    """Whether a command ends as the page says, on this machine."""
    if '--amp' in command:
        return not torch.cuda.is_available()
    return '--tensorboard' not in command or not find_spec('tensorboard')


@pytest.mark.parametrize(
    'command, end', [row for row in COMMANDS if row[0].startswith('python')]
)
def test_a_command_runs_or_ends_as_the_page_says(
    desk, monkeypatch, capsys, command, end
):
    old = 'vis_cam' in command and mmpretrain.__version__ < '1.3'
    if old and not find_spec('pkg_resources'):
        pytest.skip('setuptools has no pkg_resources any more')
    if end is None or not meets_what_it_lacks(command):
        run(monkeypatch, command)
        return
    with pytest.raises((Exception, SystemExit)) as caught:
        run(monkeypatch, command)
    assert end in f'{caught.value}{capsys.readouterr().err}'


def test_other_commands_are_of_scripts_that_are_there():
    others = [row[0] for row in COMMANDS if not row[0].startswith('python')]
    assert len(others) == 7
    for command in others:
        assert command.startswith(ELSEWHERE)
        for path in re.findall(r'tools/\S+\.sh', command):
            assert (ROOT / path).is_file()


def test_the_snippets_run_in_their_order(desk):
    names = dict(
        CONFIG='mini.py',
        CHECKPOINT='first/epoch_1.pth',
        IMAGE='photos/a.png',
        FOLDER='photos',
    )
    shown = {}
    for code, end in SNIPPETS:
        if end is None:
            exec(code, names)
            shown[code.partition(';')[0]] = names.get('result')
        else:
            with pytest.raises(NotImplementedError, match=end):
                exec(code, names)
    host, ours = [r for r in shown.values() if r is not None][0::4][:2]
    assert (host['pred_scores'] == ours['scores']).all()


def settings(code):
    """Read the settings of a row, beside those of the small config."""
    cfg = Config.fromfile('mini.py')
    names = dict(DATA=cfg.train_dataloader.dataset.to_dict())
    exec(code, names)
    for name in ('DATA', '__builtins__'):
        del names[name]
    # What MMEngine does with a config that inherits.
    whole = Config._merge_a_into_b(names, cfg._cfg_dict.to_dict())
    if names.get('custom_hooks'):
        whole['custom_hooks'] = [*cfg.custom_hooks, *names['custom_hooks']]
    return Config(dict(whole, work_dir='own'), filename=cfg.filename)


@pytest.mark.parametrize('code, end', SETTINGS)
def test_a_setting_trains_or_is_refused_before_the_first_step(
    desk, monkeypatch, code, end
):
    forget_runs(monkeypatch)
    runner = Runner.from_cfg(settings(code))
    if end is None:
        runner.train()
        assert runner.iter > 0
        return
    with pytest.raises((ValueError, TypeError), match=re.escape(end)):
        runner.train()
    assert runner.iter == 0
