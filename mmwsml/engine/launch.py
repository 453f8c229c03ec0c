"""Fitting a config to the machine that runs it."""

import ast
import atexit
import gc
import io
import os
import tokenize
from importlib.util import find_spec
from pathlib import Path
from typing import Optional

import torch.distributed as dist
from mmengine.config import Config
from mmengine.device import get_device

#: Launcher -> environment variables of rank and number of processes.
RANK_VARIABLES = {
    'pytorch': ('RANK', 'WORLD_SIZE'),
    'slurm': ('SLURM_PROCID', 'SLURM_NTASKS'),
    'mpi': ('OMPI_COMM_WORLD_RANK', 'OMPI_COMM_WORLD_SIZE'),
}


def set_work_dir(
    cfg: Config, work_dir: Optional[str], folder: str = ''
) -> None:
    """Choose the work dir: command line, then config, then its name.

    Args:
        cfg (Config): Changed in place.
        work_dir (str, optional): From the command line.
        folder (str): Below the work dir of the config, for what is not
            training: a Runner writes its config there, and that of a test
            would replace the one that trained. Defaults to ''.

    Raises:
        FileExistsError: If the Runner's own config would take the place of
            the one that a person has written.
    """
    default = Path('work_dirs') / Path(cfg.filename).stem
    own = Path(cfg.get('work_dir') or default, folder)
    cfg.work_dir = work_dir or str(own)
    source = Path(cfg.filename)
    written = Path(cfg.work_dir, source.name)
    if written.exists() and written.samefile(source) and _is_by_hand(source):
        raise FileExistsError(
            f'A run writes its whole config to {written}, in the place of the '
            'one that you wrote: choose another --work-dir.'
        )


def _is_by_hand(config: Path) -> bool:
    """Whether a config is more than what a Runner writes: bare values."""
    text = config.read_text(encoding='utf-8')
    if config.suffix != '.py':
        return '_base_' in text
    nodes = ast.parse(text).body
    names = [
        getattr(x.targets[0], 'id', '_base_')
        for x in nodes
        if isinstance(x, ast.Assign)
    ]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return (
        len(names) < len(nodes)
        or '_base_' in names
        or any(token.type == tokenize.COMMENT for token in tokens)
    )


def add_tensorboard(cfg: Config) -> None:
    """Let MMEngine's visualizer write for TensorBoard too, and once.

    Args:
        cfg (Config): Changed in place.

    Raises:
        ImportError: If the package tensorboard is not installed.
    """
    if find_spec('tensorboard') is None:
        raise ImportError(
            'The package tensorboard is not installed: install it with '
            "`pip install -e '.[onedl,tensorboard]'`, or leave out "
            '--tensorboard.'
        )
    if cfg.get('visualizer') is None:
        cfg.visualizer = dict(type='Visualizer')
    if cfg.visualizer.get('vis_backends') is None:
        cfg.visualizer.vis_backends = [dict(type='LocalVisBackend')]
    backends = cfg.visualizer.vis_backends
    names = [str(backend['type']).rpartition('.')[2] for backend in backends]
    if 'TensorboardVisBackend' not in names:
        backends.append(dict(type='TensorboardVisBackend'))


def adapt_to_machine(cfg: Config) -> None:
    """Make a config written for GPUs run here.

    With a GPU the data loaders pin their memory. On a CPU, the weights of one
    process lie channels last, several processes meet over gloo, and mixed
    precision is bfloat16.

    Args:
        cfg (Config): Changed in place.
    """
    if get_device() != 'cpu':
        for name in ('train_dataloader', 'val_dataloader', 'test_dataloader'):
            if cfg.get(name):
                cfg[name].setdefault('pin_memory', True)
        return
    # A config may be of testing only.
    if (cfg.get('optim_wrapper') or {}).get('type') == 'AmpOptimWrapper':
        cfg.optim_wrapper.type = 'mmwsml.CPUAmpOptimWrapper'
        for option in ('loss_scale', 'dtype'):
            cfg.optim_wrapper.pop(option, None)
    if cfg.launcher == 'none':
        cfg.default_hooks.channels_last = dict(type='mmwsml.ChannelsLastHook')
    else:
        _spread_over_cpus(cfg)


def _spread_over_cpus(cfg: Config) -> None:
    if not dist.is_initialized():
        _init_cpu_processes(cfg.launcher)
    # DDP refuses device ids on a CPU, which the Runner passes by default.
    wrapper = dict(
        type='MMDistributedDataParallel',
        broadcast_buffers=False,
        find_unused_parameters=cfg.get('find_unused_parameters', False),
    )
    wrapper.update(cfg.get('model_wrapper_cfg') or {})
    cfg.model_wrapper_cfg = dict(wrapper, device_ids=None)


def _init_cpu_processes(launcher: str) -> None:
    """Join the processes over gloo; MMEngine's launchers ask for CUDA.

    Raises:
        RuntimeError: If the launcher did not say which process this is, or
            nobody said where several nodes meet.
    """
    missing = [v for v in RANK_VARIABLES[launcher] if v not in os.environ]
    if missing:
        raise RuntimeError(
            f'--launcher {launcher} needs the environment variables {missing} '
            'that the launcher sets: start the processes with it, or leave '
            '--launcher out for one process.'
        )
    nodes = os.environ.get('SLURM_NNODES', '1')
    here = launcher != 'slurm' or nodes == '1'
    if not here and 'MASTER_ADDR' not in os.environ:
        raise RuntimeError(
            f'Processes on {nodes} nodes must know where to meet: set the '
            'environment variable MASTER_ADDR to the host of the first node.'
        )
    rank, world_size = (int(os.environ[v]) for v in RANK_VARIABLES[launcher])
    os.environ.setdefault('MASTER_ADDR', '127.0.0.1')
    os.environ.setdefault('MASTER_PORT', '29500')
    dist.init_process_group('gloo', rank=rank, world_size=world_size)
    atexit.register(_leave)


def _leave() -> None:
    """End gloo's threads before Python ends; else they abort the process."""
    if dist.is_initialized():
        gc.collect()  # DDP, which a Runner in a cycle keeps, keeps the group
        dist.destroy_process_group()
