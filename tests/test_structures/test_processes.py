import numpy as np
import pytest
import torch

from mmwsml.structures import processes
from mmwsml.structures.processes import (
    gather_array,
    gather_numbers,
    gather_tensor,
    num_local_processes,
    num_processes,
    process_rank,
)

RECORD = np.dtype([('row', np.int32), ('class', np.uint16)])


def random_array(rank, seed, dtype, columns=()):
    """Draw an array of a length that differs between ranks and seeds."""
    rng = np.random.default_rng([rank, seed])
    length = int(rng.integers(0, 4))
    size = length * int(np.prod(columns)) * np.dtype(dtype).itemsize
    array = np.frombuffer(rng.bytes(size), dtype)
    return array.reshape(length, *columns)


def test_one_process_talks_to_nobody():
    array, tensor = np.arange(3), torch.arange(3)
    assert (num_processes(), process_rank()) == (1, 0)
    assert gather_numbers(7, 8).tolist() == [[7, 8]]
    assert gather_array(array) is array
    assert gather_tensor(tensor).tolist() == [[0, 1, 2]]


@pytest.mark.parametrize('num_ranks', [1, 2, 4])
def test_each_process_knows_its_place(num_ranks, on_ranks):
    found = on_ranks(num_ranks, lambda _: (num_processes(), process_rank()))
    assert found == [(num_ranks, rank) for rank in range(num_ranks)]


def test_the_launcher_says_how_many_processes_a_machine_has(monkeypatch):
    for name in processes.LOCAL_SIZES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(processes, 'num_processes', lambda: 8)
    assert num_local_processes() == 1
    monkeypatch.setenv('SLURM_NTASKS_PER_NODE', '4')
    assert num_local_processes() == 4
    monkeypatch.setenv('LOCAL_WORLD_SIZE', '2')
    assert num_local_processes() == 2
    monkeypatch.setattr(processes, 'num_processes', lambda: 1)
    assert num_local_processes() == 1  # beside a launcher, not under it


@pytest.mark.parametrize('num_ranks', [1, 2, 4])
def test_all_processes_hear_all_numbers(num_ranks, on_ranks):
    found = on_ranks(num_ranks, lambda r: gather_numbers(r, -r, 2**62 + r))
    expected = [[r, -r, 2**62 + r] for r in range(num_ranks)]
    assert all(numbers.tolist() == expected for numbers in found)
    assert all(numbers.dtype == np.int64 for numbers in found)


@pytest.mark.parametrize('columns', [(), (3,)])
@pytest.mark.parametrize('dtype', [np.int64, np.uint8, RECORD], ids=str)
@pytest.mark.parametrize('num_ranks', [1, 2, 4])
def test_arrays_of_any_length_are_joined(num_ranks, dtype, columns, on_ranks):
    for seed in range(20):
        parts = [random_array(r, seed, dtype, columns) for r in range(4)]
        found = on_ranks(num_ranks, lambda r, p=parts: gather_array(p[r]))
        expected = np.concatenate(parts[:num_ranks])
        for array in found:
            assert array.dtype == expected.dtype
            assert array.shape == expected.shape
            assert array.tobytes() == expected.tobytes()


def test_arrays_empty_everywhere_stay_empty(on_ranks):
    found = on_ranks(2, lambda _: gather_array(np.empty((0, 3), np.int16)))
    assert [(a.shape, a.dtype) for a in found] == [((0, 3), np.int16)] * 2


def test_an_array_that_is_not_contiguous_keeps_its_values(on_ranks):
    array = np.arange(12).reshape(3, 4).T[::2]
    found = on_ranks(2, lambda _: gather_array(array))
    assert found[0].tolist() == array.tolist() * 2


@pytest.mark.parametrize('shape', [(), (5,), (2, 3)])
def test_tensors_are_stacked_in_the_order_of_the_ranks(shape, on_ranks):
    found = on_ranks(4, lambda rank: gather_tensor(torch.full(shape, rank)))
    expected = torch.stack([torch.full(shape, rank) for rank in range(4)])
    assert all(torch.equal(tensor, expected) for tensor in found)


class OtherBackend:
    """Stands for torch.distributed on two GPUs; both ranks say the same."""

    class group:  # noqa: N801
        WORLD = object()

    def __init__(self):
        self.made, self.used = [], []

    def is_available(self):
        return True

    is_initialized = is_available

    def get_world_size(self):
        return 2

    def get_backend(self):
        return 'nccl'

    def new_group(self, backend):
        self.made.append(backend)
        return 'host'

    def all_gather(self, parts, tensor, group=None):
        self.used.append(group)
        for part in parts:
            part.copy_(tensor)


def test_the_host_speaks_over_gloo_beside_another_backend(monkeypatch):
    backend = OtherBackend()
    monkeypatch.setattr(processes, 'dist', backend)
    assert gather_numbers(1).tolist() == [[1], [1]]
    assert gather_array(np.arange(2)).tolist() == [0, 1, 0, 1]
    assert gather_tensor(torch.zeros(1)).shape == (2, 1)
    assert backend.made == ['gloo']
    assert backend.used == ['host', 'host', 'host', None]
