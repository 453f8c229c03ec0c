"""What the processes of a run tell each other from host to host.

Numbers that the CPU knows travel over gloo, beside a GPU's own traffic, so
that nobody waits for a device. One process talks to nobody.
"""

import os
from functools import lru_cache
from typing import Any, Optional

import numpy as np
import torch
import torch.distributed as dist

#: Where torchrun, Open MPI and Slurm say how many processes a machine has.
LOCAL_SIZES = (
    'LOCAL_WORLD_SIZE',
    'OMPI_COMM_WORLD_LOCAL_SIZE',
    'SLURM_NTASKS_PER_NODE',
)


def num_processes() -> int:
    """Count the processes of the run."""
    return dist.get_world_size() if _is_distributed() else 1


def num_local_processes() -> int:
    """Count the processes on this machine; 1 where the launcher is silent."""
    if num_processes() == 1:
        return 1
    told = (os.environ[name] for name in LOCAL_SIZES if name in os.environ)
    return int(next(told, 1))


def process_rank() -> int:
    """Return the number of this process, from 0."""
    return dist.get_rank() if _is_distributed() else 0


def gather_numbers(*numbers: int) -> np.ndarray:
    """Tell all processes a few integers, as many on each.

    Returns:
        ndarray: int64 ``(number of processes, len(numbers))``.
    """
    own = torch.tensor(numbers, dtype=torch.long)
    if num_processes() == 1:
        return own[None].numpy()
    rows = [torch.empty_like(own) for _ in range(num_processes())]
    dist.all_gather(rows, own, group=_host_group())
    return torch.stack(rows).numpy()


def gather_array(array: np.ndarray, to: Optional[int] = None) -> np.ndarray:
    """Tell all processes, or one, an array; its length may differ.

    Args:
        array (ndarray): ``(M, ...)``, of a plain or structured dtype.
        to (int, optional): The process that is told. Defaults to None: all.

    Returns:
        ndarray: The arrays of all processes, joined in their order; empty
        where this process is not told.
    """
    if num_processes() == 1:
        return array
    lengths = gather_numbers(len(array))[:, 0]
    padded = np.zeros((max(lengths), *array.shape[1:]), array.dtype)
    if not padded.nbytes:
        return padded
    padded[: len(array)] = array
    own = torch.from_numpy(padded.reshape(-1).view(np.uint8))
    told = to is None or to == process_rank()
    parts = [torch.empty_like(own) for _ in lengths] if told else []
    if to is None:
        dist.all_gather(parts, own, group=_host_group())
    else:
        dist.gather(own, parts or None, dst=to, group=_host_group())
    if not told:
        return padded[:0]
    arrays = (p.numpy().view(array.dtype) for p in parts)
    shaped = (a.reshape(padded.shape) for a in arrays)
    return np.concatenate([a[:n] for a, n in zip(shaped, lengths)])


def gather_tensor(tensor: torch.Tensor) -> torch.Tensor:
    """Tell all processes a tensor of one shape, on its device.

    Returns:
        Tensor: ``(number of processes, *tensor.shape)``.
    """
    if num_processes() == 1:
        return tensor[None]
    parts = [torch.empty_like(tensor) for _ in range(num_processes())]
    dist.all_gather(parts, tensor)
    return torch.stack(parts)


def _is_distributed() -> bool:
    return dist.is_available() and dist.is_initialized()


def _host_group() -> Optional[dist.ProcessGroup]:
    if dist.get_backend() == 'gloo':
        return None  # the default group
    return _make_host_group(dist.group.WORLD)


@lru_cache(maxsize=1)
def _make_host_group(world: dist.ProcessGroup) -> Any:
    """Make the group once in the life of the default group, its key."""
    return dist.new_group(backend='gloo')
