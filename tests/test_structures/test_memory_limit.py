import pytest

from mmwsml.structures.memory_limit import physical_memory, refuse_bytes


def test_takes_as_much_as_the_machine_has():
    assert physical_memory() > 2**28
    refuse_bytes('A table', physical_memory(), 'make it smaller')


def test_refuses_more_and_says_how_much():
    message = (
        r'A table takes 1000000.0 GB on each process, but this machine has '
        r'\d+\.\d GB of memory: make it smaller\.$'
    )
    with pytest.raises(ValueError, match=message):
        refuse_bytes('A table', 10**15, 'make it smaller')
