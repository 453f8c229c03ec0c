import gc
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch.distributed as dist
from mmengine.config import Config
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from mmwsml.engine import launch
from mmwsml.engine.launch import (
    RANK_VARIABLES,
    adapt_to_machine,
    add_tensorboard,
    set_work_dir,
)

TASKS = Path('/proc/self/task')


@pytest.fixture
def cfg(tmp_path):
    """Make a config of what launching reads."""
    (tmp_path / 'an_net.py').touch()
    return Config(
        dict(
            launcher='none',
            default_hooks=dict(),
            optim_wrapper=dict(type='AmpOptimWrapper', loss_scale='dynamic'),
            train_dataloader=dict(batch_size=2),
            val_dataloader=dict(batch_size=2, pin_memory=False),
            test_dataloader=None,
        ),
        filename=str(tmp_path / 'an_net.py'),
    )


@pytest.fixture
def no_gpu(monkeypatch):
    """Hide the GPU."""
    monkeypatch.setattr(launch, 'get_device', lambda: 'cpu')


@pytest.fixture
def one_process(monkeypatch):
    """Set the variables of a launcher that starts one process."""
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    monkeypatch.setenv('MASTER_ADDR', '127.0.0.1')
    monkeypatch.setenv('MASTER_PORT', str(port))
    for rank, size in RANK_VARIABLES.values():
        monkeypatch.setenv(rank, '0')
        monkeypatch.setenv(size, '1')
    yield
    launch._leave()


def count_gloo_threads():
    """Count this process's threads that gloo and its process group run."""
    names = [(task / 'comm').read_text() for task in TASKS.iterdir()]
    return sum('gloo' in name for name in names)


def test_work_dir_of_the_command_line_wins(cfg):
    cfg.work_dir = 'from-config'
    set_work_dir(cfg, 'from-command-line')
    assert cfg.work_dir == 'from-command-line'


def test_work_dir_of_the_config_comes_second(cfg):
    cfg.work_dir = 'from-config'
    set_work_dir(cfg, None)
    assert cfg.work_dir == 'from-config'


def test_work_dir_is_else_named_after_the_config(cfg):
    set_work_dir(cfg, None)
    assert cfg.work_dir == 'work_dirs/an_net'


@pytest.mark.parametrize(
    'text', ["_base_ = 'a.py'\n", 'lr = 1  # found last year\n', 'import os\n']
)
def test_the_runner_does_not_replace_the_config_of_a_person(
    cfg, tmp_path, text
):
    """It writes the whole config to the work dir, under the same name."""
    (tmp_path / 'an_net.py').write_text(text)
    own = Config(cfg.to_dict(), filename=str(tmp_path / 'an_net.py'))
    with pytest.raises(FileExistsError, match='choose another --work-dir'):
        set_work_dir(own, str(tmp_path))
    # What a Runner wrote may be trained again in its place.
    (tmp_path / 'an_net.py').write_text(own.pretty_text)
    set_work_dir(own, str(tmp_path))
    assert own.work_dir == str(tmp_path)


def test_a_gpu_gets_pinned_memory_unless_the_config_says_no(cfg, monkeypatch):
    monkeypatch.setattr(launch, 'get_device', lambda: 'cuda')
    adapt_to_machine(cfg)
    assert cfg.train_dataloader.pin_memory is True
    assert cfg.val_dataloader.pin_memory is False
    assert cfg.test_dataloader is None
    assert cfg.optim_wrapper.type == 'AmpOptimWrapper'


def test_without_a_gpu_mixed_precision_is_bfloat16(cfg, no_gpu):
    cfg.optim_wrapper.dtype = 'float16'
    adapt_to_machine(cfg)
    assert dict(cfg.optim_wrapper) == dict(type='mmwsml.CPUAmpOptimWrapper')
    assert 'pin_memory' not in cfg.train_dataloader


def test_without_a_gpu_full_precision_stays(cfg, no_gpu):
    cfg.optim_wrapper = dict(optimizer=dict(type='Adam'))
    adapt_to_machine(cfg)
    assert cfg.optim_wrapper == dict(optimizer=dict(type='Adam'))


def test_one_process_without_a_launcher_joins_no_group(cfg, no_gpu):
    adapt_to_machine(cfg)
    assert not dist.is_initialized()
    assert 'model_wrapper_cfg' not in cfg


@pytest.mark.parametrize('launcher', RANK_VARIABLES)
def test_processes_without_a_gpu_meet_over_gloo(
    cfg, no_gpu, one_process, launcher
):
    cfg.launcher = launcher
    adapt_to_machine(cfg)
    assert dist.get_backend() == 'gloo'
    assert cfg.model_wrapper_cfg.device_ids is None


@pytest.mark.parametrize('launcher', RANK_VARIABLES)
@pytest.mark.parametrize('missing', [0, 1])
def test_names_the_variable_that_a_launcher_did_not_set(
    cfg, no_gpu, monkeypatch, launcher, missing
):
    cfg.launcher = launcher
    name = RANK_VARIABLES[launcher][missing]
    monkeypatch.setenv(RANK_VARIABLES[launcher][1 - missing], '0')
    monkeypatch.delenv(name, raising=False)
    message = rf"--launcher {launcher} needs .*\['{name}'\].*leave --launcher"
    with pytest.raises(RuntimeError, match=message):
        adapt_to_machine(cfg)
    assert not dist.is_initialized()


@pytest.mark.skipif(not TASKS.exists(), reason='threads are seen on Linux')
def test_no_thread_of_gloo_outlives_the_runner(cfg, no_gpu, one_process):
    gc.collect()  # what other tests left
    before = count_gloo_threads()
    cfg.launcher = 'pytorch'
    adapt_to_machine(cfg)
    runner = SimpleNamespace(model=DistributedDataParallel(nn.Linear(1, 1)))
    runner.loop = SimpleNamespace(runner=runner)  # a cycle, as MMEngine's
    if count_gloo_threads() == before:
        pytest.skip('this gloo does not name its threads')
    del runner
    launch._leave()
    assert count_gloo_threads() == before


def test_weights_lie_channels_last_without_a_gpu(cfg, no_gpu):
    adapt_to_machine(cfg)
    assert cfg.default_hooks.channels_last.type == 'mmwsml.ChannelsLastHook'


def test_weights_of_several_processes_lie_as_they_are(
    cfg, no_gpu, one_process
):
    cfg.launcher = 'pytorch'
    adapt_to_machine(cfg)
    assert 'channels_last' not in cfg.default_hooks


def test_several_nodes_must_know_where_to_meet(
    cfg, no_gpu, one_process, monkeypatch
):
    cfg.launcher = 'slurm'
    monkeypatch.setenv('SLURM_NNODES', '2')
    monkeypatch.delenv('MASTER_ADDR')
    with pytest.raises(
        RuntimeError, match=r'on 2 nodes .* MASTER_ADDR to the'
    ):
        adapt_to_machine(cfg)
    monkeypatch.setenv('MASTER_ADDR', '127.0.0.1')
    adapt_to_machine(cfg)


def test_a_model_wrapper_of_the_config_keeps_its_settings(
    cfg, no_gpu, one_process
):
    cfg.launcher = 'pytorch'
    cfg.model_wrapper_cfg = dict(find_unused_parameters=True)
    adapt_to_machine(cfg)
    wrapper = cfg.model_wrapper_cfg
    assert wrapper.find_unused_parameters and wrapper.device_ids is None


@pytest.mark.parametrize('own', [True, False])
def test_tensorboard_is_one_more_backend(cfg, monkeypatch, own):
    monkeypatch.setattr(launch, 'find_spec', lambda name: name)
    if own:
        local = [dict(type='LocalVisBackend')]
        cfg.visualizer = dict(type='UniversalVisualizer', vis_backends=local)
    add_tensorboard(cfg)
    types = [backend['type'] for backend in cfg.visualizer.vis_backends]
    assert types == ['LocalVisBackend', 'TensorboardVisBackend']


@pytest.mark.parametrize('name', ['', 'mmengine.'])
def test_tensorboard_writes_once(cfg, monkeypatch, name):
    monkeypatch.setattr(launch, 'find_spec', lambda name: name)
    backends = [dict(type=f'{name}TensorboardVisBackend', save_dir='x')]
    cfg.visualizer = dict(type='Visualizer', vis_backends=backends)
    add_tensorboard(cfg)
    add_tensorboard(cfg)
    assert list(cfg.visualizer.vis_backends) == backends


def test_a_visualizer_without_backends_gets_its_own(cfg, monkeypatch):
    monkeypatch.setattr(launch, 'find_spec', lambda name: name)
    cfg.visualizer = dict(type='UniversalVisualizer')
    add_tensorboard(cfg)
    types = [backend['type'] for backend in cfg.visualizer.vis_backends]
    assert types == ['LocalVisBackend', 'TensorboardVisBackend']


def test_names_what_tensorboard_needs(cfg, monkeypatch):
    monkeypatch.setattr(launch, 'find_spec', lambda name: None)
    with pytest.raises(ImportError, match=r'pip install .*tensorboard'):
        add_tensorboard(cfg)
