"""Running the tools as their users do, on a small part of DigitScenes."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path

import pytest
from mmengine.utils import ManagerMixin

ROOT = Path(__file__).parents[2]
LOADERS = ('train_dataloader', 'val_dataloader', 'test_dataloader')


@pytest.fixture
def run_tool(tmp_path, monkeypatch):
    """Run a Python tool in this process, in the folder ``tmp_path``."""

    def run(tool, *args, options=()):
        argv = [tool, *map(str, args)]
        if options:
            argv += ['--cfg-options', *options]
        spec = importlib.util.spec_from_file_location(
            f'tool_{tool}', ROOT / 'tools' / f'{tool}.py'
        )
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        with monkeypatch.context() as patch:
            patch.setattr(sys, 'argv', argv)
            patch.chdir(tmp_path)
            for name in ('LOCAL_RANK', 'TORCH_FORCE_WEIGHTS_ONLY_LOAD'):
                patch.setenv(name, '0')  # restored, whatever the tool sets
            # MMEngine gives two runs of one name in one second one log file.
            for kind in _descendants(ManagerMixin):
                patch.setattr(kind, '_instance_dict', OrderedDict())
            module.main()

    return run


def _descendants(kind):
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


@pytest.fixture
def start_tool(tmp_path, fork_server):
    """Run a tool in processes of its own; return exit status and output.

    A Python tool in one forked from a process that has loaded the packages.
    """

    def start(tool, *args, options=()):
        command = [str(ROOT / 'tools' / tool), *map(str, args)]
        if options:
            command += ['--cfg-options', *options]
        env = make_environment()
        if tool.endswith('.py'):
            return fork_server(command, tmp_path, env)
        done = subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr

    return start


def make_environment():
    """Say where a tool finds Python, the packages and a free port."""
    paths = f'{Path(sys.executable).parent}:{os.environ["PATH"]}'
    env = dict(os.environ, PATH=paths, OMP_NUM_THREADS='1')
    # kill_hook, and the package beside these tests, however installed.
    env['PYTHONPATH'] = f'{Path(__file__).parent}{os.pathsep}{ROOT}'
    with socket.socket() as free:  # others may use torchrun's own
        free.bind(('127.0.0.1', 0))
        env['PORT'] = str(free.getsockname()[1])
    return env


@pytest.fixture(scope='session')
def fork_server(tmp_path_factory):
    """Return a function that runs a Python script in a forked process."""
    output = tmp_path_factory.mktemp('fork_server') / 'output'
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / 'fork_server.py')],
        env=make_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def run(command, folder, env):
        line = json.dumps(
            dict(
                command=command,
                folder=str(folder),
                environment=env,
                output=str(output),
            )
        )
        print(line, file=server.stdin, flush=True)
        status = server.stdout.readline()
        assert status, 'The fork server has ended.'
        return int(status), output.read_text()

    yield run
    server.stdin.close()
    server.wait()


@pytest.fixture
def digits(digit_scenes):
    """Options of a small run: 128 scenes to train on, 64 to evaluate."""
    options = ['train_dataloader.dataset.indices=128']
    for loader in LOADERS:
        options.append(f'{loader}.dataset.data_root={digit_scenes}')
        options.append(f'{loader}.num_workers=0')
        if loader != 'train_dataloader':
            options.append(f'{loader}.dataset.indices=64')
    return options


@pytest.fixture
def config():
    """Return a function that finds the config of a method on images."""

    def find(method, dataset='digitscenes'):
        name = f'*-adam-[0-9]*e_{dataset}-*.py'  # without LinearInit
        paths = (ROOT / 'configs' / method).glob(name)
        others = '-features_', '_efficientnet-'
        (path,) = (p for p in paths if not any(x in p.stem for x in others))
        return path

    return find
