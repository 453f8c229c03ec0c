from types import SimpleNamespace

import pytest
import torch

from mmwsml.structures import memory_limit
from mmwsml.structures.memory_limit import (
    physical_memory,
    refuse_bytes,
    refuse_parameter,
)


@pytest.fixture
def hundred_bytes(monkeypatch):
    monkeypatch.setattr(memory_limit, 'physical_memory', lambda: 100)


@pytest.fixture
def gpu_of_sixty_bytes(monkeypatch):
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: True)
    monkeypatch.setattr(torch.cuda, 'current_device', lambda: 3)
    properties = {3: SimpleNamespace(total_memory=60)}
    monkeypatch.setattr(
        torch.cuda, 'get_device_properties', properties.__getitem__
    )


def test_takes_as_much_as_the_machine_has():
    assert physical_memory() > 2**28
    refuse_bytes('A table', physical_memory(), 'make it smaller')


def test_refuses_more_and_says_how_much():
    message = (
        r'A table takes 1000000.0 GB on each process, but this machine has '
        r'\d+\.\d GB of memory for 1 of them: make it smaller\.$'
    )
    with pytest.raises(ValueError, match=message):
        refuse_bytes('A table', 10**15, 'make it smaller')


@pytest.mark.parametrize('text, limit', [('4096\n', 4096), ('max\n', None)])
def test_a_container_may_have_less_than_the_machine(
    text, limit, monkeypatch, tmp_path
):
    monkeypatch.setattr(memory_limit, 'LIMITS', ())
    whole = physical_memory()
    path = tmp_path / 'memory.max'
    path.write_text(text)
    monkeypatch.setattr(memory_limit, 'LIMITS', (path, tmp_path / 'none'))
    assert physical_memory() == (limit or whole)


def test_the_processes_of_a_machine_share_its_memory(
    hundred_bytes, monkeypatch
):
    monkeypatch.setattr(memory_limit, 'num_local_processes', lambda: 4)
    refuse_bytes('A table', 25, 'make it smaller')
    with pytest.raises(
        ValueError, match='GB of memory for 4 of them: make it'
    ):
        refuse_bytes('A table', 26, 'make it smaller')


def test_a_parameter_is_trained_on_the_gpu(hundred_bytes, gpu_of_sixty_bytes):
    refuse_parameter('It', 15, 4, 'make it smaller')
    with pytest.raises(ValueError, match=r'It takes .* the GPU has .*: make'):
        refuse_parameter('It', 16, 4, 'make it smaller')


def test_a_parameter_is_made_in_the_memory_of_the_machine(
    hundred_bytes, gpu_of_sixty_bytes, monkeypatch
):
    monkeypatch.setattr(memory_limit, 'physical_memory', lambda: 14)
    with pytest.raises(ValueError, match='this machine has'):
        refuse_parameter('It', 15, 4, 'make it smaller')


def test_without_a_gpu_it_is_trained_in_the_memory_of_the_machine(
    hundred_bytes, monkeypatch
):
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    refuse_parameter('It', 25, 4, 'make it smaller')
    with pytest.raises(ValueError, match='this machine has'):
        refuse_parameter('It', 26, 4, 'make it smaller')
