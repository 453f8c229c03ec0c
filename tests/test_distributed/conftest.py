"""Real processes that meet over gloo."""

import multiprocessing
import os
import traceback

import pytest
import torch
import torch.distributed as dist
from mmengine.model import BaseModule
from mmpretrain.registry import MODELS
from torch import nn

#: Long enough for a busy machine; a hang ends in a failure.
PATIENCE = 120  # seconds


@MODELS.register_module(force=True)
class PassNet(BaseModule):
    """Convolutions without batch norm: a batch may be cut anywhere."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 8, 5, 4), nn.ReLU(), nn.Conv2d(8, 64, 3, 2)
        )

    def forward(self, x):
        return (self.layers(x),)


@pytest.fixture
def spread(tmp_path_factory):
    """Call a function on several processes; return what each returned.

    With `fails`, each must raise, and the texts of the errors are returned.
    """

    def spread(function, num_processes, *args, fails=False):
        folder = tmp_path_factory.mktemp('processes')
        context = multiprocessing.get_context('fork')  # takes any function
        processes = [
            context.Process(
                target=_work,
                args=(function, rank, num_processes, folder, args),
            )
            for rank in range(num_processes)
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join(PATIENCE)
        hanging = [process for process in processes if process.is_alive()]
        for process in hanging:
            process.kill()
        assert not hanging, 'a process hangs'
        errors = [path.read_text() for path in folder.glob('*.txt')]
        if fails:
            assert len(errors) == num_processes
            return errors
        assert not errors, errors[0]
        ranks = range(num_processes)
        return [torch.load(folder / f'{rank}.pt') for rank in ranks]

    return spread


def _work(function, rank, num_processes, folder, args):
    torch.set_num_threads(1)  # threads do not survive a fork
    os.environ.update(RANK=str(rank), WORLD_SIZE=str(num_processes))
    os.environ['LOCAL_RANK'] = str(rank)
    store = dist.FileStore(str(folder / 'store'), num_processes)
    try:
        dist.init_process_group(
            'gloo', store=store, rank=rank, world_size=num_processes
        )
        torch.save(function(*args), folder / f'{rank}.pt')
        dist.barrier()
    except Exception:
        (folder / f'{rank}.txt').write_text(traceback.format_exc())
